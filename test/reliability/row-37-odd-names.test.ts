// Files with names that programs trip over: each is shown and opened, or listed as one that cannot be read.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { walkFolder } from '../../main/watching/walk.ts';
import { composeApplication, connectWindow, openApplication } from '../helpers/application.ts';
import { figure, reached } from '../helpers/figure.ts';
import { patchesJpeg, seededRandom } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, withLibrary } from '../helpers/temp-library.ts';

const count = figure(500, 5_000);
const folderFor = fileScopedFolders();

/** Pieces that names are made of; a slash and a zero are the only characters that no name has. */
const pieces = [
  'é',
  'e\u0301',
  'Å',
  'A\u030a',
  '한',
  '\u1112\u1161\u11ab',
  '🙂',
  '👩‍👩‍👧',
  '\u202eגבא',
  'مرحبا',
  '\n',
  '\t',
  '\u0007',
  '\\',
  '"',
  "'",
  '<b>',
  '&amp;',
  '%2e%2e',
  '%',
  '#',
  '?',
  '*',
  ':',
  '|',
  '..',
  '...',
  ' ',
  '  ',
  '$HOME',
  '`id`',
  '-rf',
  '~',
  'con',
  'NUL',
  'a',
  'Ω',
  'ﬁ',
  'ß',
  'İ',
  '\ufeff',
  '\u200b',
  '\ud7ff',
  '\uffff',
];

/** Always there, whatever the seed: forms of one name, the longest name, ends in a dot and in a blank. */
const certain = [
  'caf\u00e9.jpg',
  'cafe\u0301.jpg',
  'Case.jpg',
  'case.jpg',
  'trailing.jpg.',
  'trailing.jpg ',
  ' leading.jpg',
  'no-ending',
  `${'x'.repeat(251)}.jpg`,
  `${'é'.repeat(125)}.jpg`,
  'line\nbreak.jpg',
  'back\\slash.jpg',
  '\u202egpj.jpg',
  'a?b#c%20d.jpg',
  '-.jpg',
];

function oddNames(): string[] {
  const random = seededRandom(37);
  const names = new Set(certain);
  while (names.size < count) {
    const parts = Array.from(
      { length: 1 + Math.floor(random() * 6) },
      () => pieces[Math.floor(random() * pieces.length)],
    );
    const name = `${parts.join('')}${random() < 0.8 ? '.jpg' : ''}`;
    // A leading dot hides a file, and a known other kind is passed over: both on purpose.
    if (!name.startsWith('.') && Buffer.byteLength(name) <= 255) names.add(name);
  }
  return [...names];
}

/** Deeper than 260 characters. */
const deep = Array.from({ length: 6 }, (_, index) => `${index} ${'long folder name '.repeat(4)}`.trim());

describe.skipIf(process.platform !== 'linux')('promise 37: odd names work', () => {
  it(`${count} names are shown and opened`, { timeout: 120_000 }, async () => {
    const photos = folderFor('photos');
    const library = folderFor('library');
    mkdirSync(join(photos, ...deep), { recursive: true });
    const names = oddNames();
    const files = names.map((name, index) => (index % 10 === 0 ? join(photos, ...deep, name) : join(photos, name)));
    const bytes = await patchesJpeg(37);
    // Bytes after the end of a JPEG make another photo of the same picture.
    for (const [index, file] of files.entries()) writeFileSync(file, Buffer.concat([bytes, Buffer.from(`${index}`)]));

    const first = await openApplication(library);
    await first.api.library.addFolders({ paths: [photos] });
    const { photos: outcome } = await first.api.indexing.run({ folderIds: [] });
    expect(outcome).toEqual({ found: count, indexed: count, unchanged: 0, failed: 0 });
    await first.close();

    const application = await composeApplication(library);
    const { api, close } = connectWindow(application);
    const rows = withLibrary(library, (db) =>
      db
        .prepare<[], { photoId: number; relPath: string; state: string }>(
          'SELECT photo_id AS photoId, rel_path AS relPath, state FROM files',
        )
        .all(),
    );
    expect(rows.map(({ relPath }) => join(photos, relPath)).sort()).toEqual([...files].sort());
    expect(rows.filter(({ state }) => state !== 'known')).toEqual([]);
    let opened = 0;
    for (const { photoId, relPath } of rows) {
      const photo = await api.library.photo({ photoId });
      expect(JSON.stringify(photo)).toContain(JSON.stringify(relPath.split('/').at(-1)).slice(1, -1));
      const answer = await application.media.openMedia({ photoId, variant: 'original' });
      expect({ relPath, status: answer.status }).toEqual({ relPath, status: 200 });
      if (!(answer.body instanceof Uint8Array)) answer.body.destroy();
      opened++;
    }
    close();
    await application.close();
    reached(37, `${opened} of ${count} odd names shown and opened`);
  });

  it('a name that is no text is listed with what to do, and the files beside it are done', {
    timeout: 60_000,
  }, async () => {
    const photos = folderFor('photos');
    mkdirSync(photos);
    const beside = join(photos, 'beside.jpg');
    writeFileSync(beside, await patchesJpeg(1));
    writeFileSync(join(photos, 'third.jpg'), await patchesJpeg(3));
    const odd = Buffer.concat([Buffer.from(`${photos}/`), Buffer.from([0x61, 0xff, 0xfe, 0x80]), Buffer.from('.jpg')]);
    writeFileSync(odd, await patchesJpeg(2));
    const before = readFileSync(odd);
    expect([...walkFolder(photos)].some(({ unreadable }) => unreadable)).toBe(false);
    const { api, close } = await openApplication(folderFor('library'));
    await api.library.addFolders({ paths: [photos] });
    const first = await api.indexing.run({ folderIds: [] });
    expect(first.photos).toMatchObject({ found: 3, indexed: 2, failed: 1 });
    rmSync(beside);
    // Looked at again: no other reason takes the place of the true one, and what is gone beside it is gone.
    await api.indexing.run({ folderIds: [] });
    const { failures } = await api.library.failures({});
    expect(failures).toMatchObject([
      { name: 'a\ufffd\ufffd\ufffd.jpg', message: expect.stringContaining('Rename it') },
    ]);
    expect((await api.library.status({})).failures).toMatchObject([{ path: join(photos, 'a\ufffd\ufffd\ufffd.jpg') }]);
    expect((await api.library.folders({})).folders).toMatchObject([{ photos: 1, missing: 1 }]);
    expect(readFileSync(odd)).toEqual(before);
    renameSync(odd, join(photos, 'renamed.jpg'));
    expect((await api.indexing.run({ folderIds: [] })).photos).toMatchObject({ found: 2, indexed: 1, failed: 0 });
    expect((await api.library.failures({})).total).toBe(0);
    await close();
    reached(37, 'a name that is no text listed with what to do; found once it is renamed');
  });
});
