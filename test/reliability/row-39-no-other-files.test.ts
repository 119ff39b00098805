// A picture that names other files or addresses gets none of them: not by its ending, not by its content, not through what lies beside it.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openOriginal } from '../../main/services/media/original.ts';
import { sniff } from '../../native-models/image/sniff.ts';
import { type CliOptions, repository, runCli, runJson, works } from '../helpers/cli.ts';
import { reached } from '../helpers/figure.ts';
import { patchesJpeg } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, withLibrary } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const secret = 'sentinel-7f3a';
const canTrace = process.platform === 'linux' && works('strace', '-V');

/** Drawings, documents and side files that reach for the picture and the text beside them, and for a server. */
function reachingFiles(folder: string): Record<string, string> {
  const near = `file://${folder}/sentinel.png`;
  const open =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">';
  const image = (href: string): string => `${open}<image width="64" height="64" xlink:href="${href}"/></svg>`;
  const entity = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://${folder}/sentinel.txt">]>`;
  const drawings = {
    near: image('sentinel.png'),
    absolute: image(near),
    address: image('http://127.0.0.1:9/sentinel.png'),
    entity: `${entity}${open}<text y="20">&x;</text></svg>`,
    style: `<?xml-stylesheet href="http://127.0.0.1:9/a.css"?>${open}<style>@import url(${near});</style></svg>`,
  };
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(drawings))
    for (const ending of ['svg', 'jpg', 'png', 'webp']) files[`${name}.${ending}`] = text;
  files['script.jpg'] = `push graphic-context\nimage over 0,0 64,64 '${near}'\npop graphic-context`;
  files['list.jpg'] = `@${folder}/sentinel.txt`;
  files['document.jpg'] = `%!PS\n(${folder}/sentinel.txt) run`;
  return files;
}

/** XMP that takes its title from another file, as a side file and inside a picture. */
function reachingXmp(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file://${folder}/sentinel.txt">]><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li>&x;</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

async function hostileFolder(): Promise<{ folder: string; count: number }> {
  const folder = folderFor();
  writeFileSync(join(folder, 'sentinel.txt'), secret);
  const sentinel = { create: { width: 64, height: 64, channels: 3 as const, background: '#ff00ff' } };
  writeFileSync(join(folder, 'sentinel.png'), await sharp(sentinel).png().toBuffer());
  const files = reachingFiles(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'photo.jpg'), await patchesJpeg(1));
  writeFileSync(join(folder, 'photo.jpg.xmp'), reachingXmp(folder));
  writeFileSync(
    join(folder, 'inside.png'),
    await sharp(await patchesJpeg(2))
      .withXmp(reachingXmp(folder))
      .png()
      .toBuffer(),
  );
  return { folder, count: Object.keys(files).length };
}

/** Calls that open a socket to anywhere but another process of this machine, by any process of the program. */
function tracedSockets(folder: string, options: CliOptions): string[] {
  const log = join(folderFor(), 'trace');
  const trace = ['-f', '-qq', '-e', 'trace=socket,connect', '-o', log, process.execPath];
  const entry = join(repository, 'main/entry/cli.ts');
  const run = spawnSync('strace', [...trace, entry, '--library', options.library, '--json', 'add', folder], {
    env: { ...process.env, PHOTOSEEK_MODELS: join(repository, 'test/fixtures/models'), PHOTOSEEK_PACK: 'tiny-starter' },
    encoding: 'utf8',
  });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  const lines = readFileSync(log, 'utf8').split('\n');
  // The trace must have seen the program: its processes talk over local sockets.
  expect(lines.length).toBeGreaterThan(1);
  return lines.filter((line) => /AF_INET6?\b|sin_addr/.test(line));
}

describe('promise 39: pictures cannot read other files', () => {
  it('every picture that reaches is refused, the ones beside it are done, and nothing of the sentinel is stored', {
    timeout: 60_000,
  }, async () => {
    const { folder, count } = await hostileFolder();
    const options: CliOptions = { library: folderFor('library') };
    const { photos, failures } = await runJson<{
      photos: { indexed: number; failed: number };
      failures: { code: string; path: string }[];
    }>(['add', folder], options);
    expect(photos).toMatchObject({ indexed: 3, failed: count });
    expect(failures.filter(({ code }) => code !== 'decode/unsupported')).toEqual([]);
    const stored = withLibrary(options.library, (db) =>
      db.prepare('SELECT title, description, keywords FROM photos').raw().all(),
    );
    expect(stored).toHaveLength(3);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const words = await runCli(['--json', 'search', secret, '--mode', 'words'], options);
    expect(words.stdout).not.toContain('photo.jpg');
    reached(39, `${count} reaching files refused, 0 sentinel pixels or words stored`);
  });

  it.skipIf(!canTrace)(
    'no socket to a network is opened (skipped where strace is not installed)',
    { timeout: 90_000 },
    async () => {
      const { folder } = await hostileFolder();
      expect(tracedSockets(folder, { library: folderFor('library') })).toEqual([]);
      reached(39, '0 network sockets opened by any process');
    },
  );

  it('none is handed to a browser, whatever its name', async () => {
    const { folder } = await hostileFolder();
    const format = (head: Uint8Array): string | null => {
      const found = sniff(head);
      return found.kind === 'image' ? found.format : null;
    };
    for (const [name, text] of Object.entries(reachingFiles(folder))) {
      const size = { sizeBytes: Buffer.byteLength(text) };
      await expect(openOriginal(join(folder, name), size, format)).rejects.toMatchObject({
        code: 'decode/unsupported',
      });
    }
  });
});
