// Watches a tree for which the system has too few watches, is told so, and finds by the timer what no event told. Child of a test, in a user namespace of its own.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manualClock } from '../../helpers/manual-clock.ts';
import { hashingLane, watchedLibrary } from '../../helpers/watched-library.ts';

const [folder = ''] = process.argv.slice(2);
const root = join(folder, 'photos');

function photo(album: number, name: string, content: string): string {
  const path = join(root, `album-${album}`, name);
  writeFileSync(path, content);
  return path;
}

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (let album = 0; album < 60; album++) {
  mkdirSync(join(root, `album-${album}`), { recursive: true });
  photo(album, 'a.jpg', `first ${album}`);
}
const clock = manualClock();
const lane = hashingLane();
const { db, indexer, troubles, close } = await watchedLibrary(join(folder, 'library'), { lane, clock });
await db.registerFolder({ path: root, now: Date.now() });
indexer.start({ speed: 'full', paused: false });
const photos = async (): Promise<number> => (await db.folderViews())[0]?.photos ?? 0;
await until('a word on the limit', () => troubles.at(-1)?.reason === 'limit');
process.stdout.write(`trouble ${JSON.stringify(troubles.at(-1))}\n`);
await until('the first photos', async () => {
  clock.advance(1_000);
  return (await photos()) === 60;
});
// 20 new, 20 edited, 10 moved, 10 gone.
for (let album = 0; album < 20; album++) photo(album, 'new.jpg', `new ${album}`);
for (let album = 20; album < 40; album++) photo(album, 'a.jpg', `second version of ${album}`);
for (let album = 40; album < 50; album++)
  renameSync(join(root, `album-${album}`, 'a.jpg'), join(root, `album-${album}`, 'moved.jpg'));
for (let album = 50; album < 60; album++) rmSync(join(root, `album-${album}`, 'a.jpg'));
clock.advance(600_000);
const readOf = (name: RegExp): number => [...lane.read].filter(([path]) => name.test(path)).length;
const readTwice = (): number => [...lane.read.values()].filter((hashes) => new Set(hashes).size === 2).length;
let found = 0;
await until('60 changes', async () => {
  clock.advance(1_000);
  const shown = await photos();
  // New ones are there, edited ones were read again; 50 old ones are left where ten went, and only if ten moved ones were found at their new places.
  found = readOf(/new\.jpg$/) + readTwice() + (shown === 70 ? 20 : 0);
  return found === 60;
});
process.stdout.write(`found ${found} of 60\n`);
await close();
