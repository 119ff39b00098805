// Finds tens of thousands of new files as they come down on a watched folder, and says how much memory that took. Child of a test.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../main/platform/clock.ts';
import { silentLog } from '../../../main/platform/log.ts';
import { createFolderWatch } from '../../../main/services/indexing/folder-watch.ts';
import { watcherThread } from '../../helpers/watched-library.ts';

const [root = '', count = '0'] = process.argv.slice(2);
const perAlbum = 100;
const { remote, end } = watcherThread();
const known = new Set<string>();
let looks = 0;
let wanted = false;
let isLooking = false;
let last: Promise<void> = Promise.resolve();

/** What the background work does with hints, without a store: one look after the other, never two for what was told meanwhile. */
async function look(): Promise<void> {
  isLooking = true;
  while (wanted) {
    wanted = false;
    looks++;
    const { walkId } = await remote.begin({ root });
    for (let done = false; !done; ) {
      const portion = await remote.next({ walkId });
      for (const { relPath } of portion.files) known.add(relPath);
      done = portion.done;
    }
  }
  isLooking = false;
}

const ready = Promise.withResolvers<void>();
const watch = createFolderWatch({
  watching: remote,
  clock: systemClock,
  log: silentLog(),
  onHint() {
    wanted = true;
    ready.resolve();
    if (!isLooking) last = look();
  },
  onLost: () => undefined,
  onTrouble: () => undefined,
});
watch.follow([{ id: 1, path: root, addedAt: 0, exclude: [], isOffline: false }]);
await ready.promise;
let made = 0;
while (made < Number(count)) {
  const album = join(root, `album-${made / perAlbum}`);
  mkdirSync(album);
  for (let at = 0; at < perAlbum; at++) writeFileSync(join(album, `IMG_${at}.jpg`), 'x');
  made += perAlbum;
  // As a copying program leaves others some time.
  await new Promise(setImmediate);
}
const until = Date.now() + 30_000;
while (known.size < made && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
process.stdout.write(`known ${known.size}\nlooks ${looks}\nmegabytes ${Math.round(Number(peak) / 1024)}\n`);
await watch.close();
await last;
end();
