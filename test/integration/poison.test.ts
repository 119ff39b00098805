// A photo that ends the process which decodes it: it is left out after two tries, and every other photo is done.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forkWorker } from '../../main/platform/worker-port.ts';
import { openApplication, spawnInference } from '../helpers/application.ts';
import { makePhotos } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, hashOf, storedResults } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const entry = new URL('../fixtures/inference/poisoned.ts', import.meta.url);

it('a poison is quarantined, all others are done, and a repaired one is taken', { timeout: 60_000 }, async () => {
  const photos = folderFor('photos');
  const library = folderFor('library');
  const paths = await makePhotos(photos, 40);
  const poison = paths[17] ?? '';
  let started = 0;
  const env = { POISON_SHA256: hashOf(poison) };
  const { api, close } = await openApplication(library, {
    spawnInference() {
      started++;
      return forkWorker(entry, { env });
    },
  });
  const { folders } = await api.library.addFolders({ paths: [photos] });
  const first = await api.indexing.run({ folderIds: folders.map(({ id }) => id) });
  expect(first.photos).toEqual({ found: 40, indexed: 39, unchanged: 0, failed: 1 });
  expect(first.failures).toEqual([
    {
      path: poison,
      code: 'decode/poison',
      message: expect.stringMatching(/ended the process twice; it is left out\. Repair/),
    },
  ]);
  // Two children from the start; the poison ends one with its batch, one alone for its first strike, and so again for its second.
  expect(started).toBeLessThanOrEqual(2 + 4);

  const before = started;
  const second = await api.indexing.run({ folderIds: [] });
  expect(second.photos).toEqual({ found: 40, indexed: 0, unchanged: 39, failed: 1 });
  // The child that the second strike ended is started once more, for files read again whose times are too near to tell; the poison would end it.
  expect(started).toBeLessThanOrEqual(before + 1);
  expect((await api.search.find({ text: 'a dog', limit: 100 })).hits).toHaveLength(39);
  await close();

  const sound = await openApplication(library, { spawnInference });
  await makePhotos(join(photos, 'repaired'), 1, 5_000);
  const third = await sound.api.indexing.run({ folderIds: [] });
  expect(third.photos).toEqual({ found: 41, indexed: 1, unchanged: 39, failed: 1 });
  await sound.close();
  expect(Object.keys(storedResults(library))).toHaveLength(41);
});
