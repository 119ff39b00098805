// A file's time is compared between the walk that found it and the read that identified it: both must see the same number.
import { lutimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPhoto } from '../../main/inference/read-photo.ts';
import { createListedFilesWalker } from '../../main/watching/listed-files-walker.ts';
import { walkFolder } from '../../main/watching/walk.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

it('walks and reads see the same time of any file, to the last bit', async () => {
  const folder = folderOf();
  const random = seededRandom(3);
  const names = Array.from({ length: 200 }, (_, index) => `${index}.jpg`);
  for (const name of names) {
    writeFileSync(join(folder, name), 'photo');
    const time = 2_000_000_000 * random();
    lutimesSync(join(folder, name), time, time);
  }
  const walked = [...walkFolder(folder)].flatMap(({ files }) => files);
  const listed = createListedFilesWalker(names);
  const { files } = await listed.next(await listed.begin({ root: folder }));
  const timesOf = (from: typeof files): Record<string, number> =>
    Object.fromEntries(from.map((file) => [file.relPath, file.mtimeMs]));
  const read = await Promise.all(names.map(async (name) => [name, (await readPhoto(join(folder, name), 100)).mtimeMs]));
  expect(timesOf(walked)).toEqual(Object.fromEntries(read));
  expect(timesOf(files)).toEqual(Object.fromEntries(read));
});
