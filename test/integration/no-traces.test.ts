// Photos stay on this computer, and so does everything about them: a run reports to nobody, and leaves nothing outside of its library.
import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runJson, samplePhotos } from '../helpers/cli.ts';
import { fileScopedFolders, folderState } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();

it('keeps the model runtime from collecting and sending how it is used', { timeout: 60_000 }, async () => {
  const home = folderFor('home');
  const temporary = folderFor('tmp');
  mkdirSync(home);
  mkdirSync(temporary);
  // Where ONNX Runtime would put its device number, the events it has yet to send, and its session files. CI would keep it quiet by itself.
  const env = {
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    XDG_CACHE_HOME: undefined,
    CI: undefined,
    ORT_DISABLE_TELEMETRY: undefined,
  };
  const options = { library: folderFor('library'), env };
  await runJson(['add', samplePhotos], options);
  await runJson(['search', 'a cat'], options);
  await runJson(['doctor'], options);
  expect({ home: folderState(home), temporary: folderState(temporary) }).toEqual({ home: {}, temporary: {} });
});
