// Child of row 5: works on photos over a small disk that is filled and freed in cycles, and says as JSON what happened.
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';
import { throwIfCancelled } from '../../../main/platform/app-error.ts';
import type { Clock } from '../../../main/platform/clock.ts';
import { silentLog } from '../../../main/platform/log.ts';
import { createWorkLoop } from '../../../main/services/indexing/work-loop.ts';
import { factsOf, resultOf, wanted } from '../../helpers/library-db.ts';

const [, , disk = '', cycles = '1', lowMark = '0'] = process.argv;
const filler = path.join(disk, 'filler');
const library = await openLibrary({ folder: path.join(disk, 'library'), mode: 'write', now: 1 });
const { db } = library;
const { folder } = await db.registerFolder({ path: '/pictures', now: 1 });
const free = (): number => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};

/** A hundred times as fast: what is after five seconds is after fifty milliseconds here. */
const clock: Clock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs / 100);
    return () => clearTimeout(timer);
  },
};
const acknowledged: string[] = [];
let made = 0;

async function workOnce(): Promise<void> {
  const { scanId } = await db.beginScan({ folderId: folder.id });
  const files = [0, 1, 2, 3].map((n) => ({ relPath: `${made}-${n}.jpg`, sizeBytes: 1, mtimeMs: 1, inode: '' }));
  await db.applyScan({ folderId: folder.id, scanId, files, now: 1 });
  made++;
  const claimed = await db.claimFiles({ limit: 8, now: 1 });
  const facts = claimed.map((file) => ({ ...file, facts: factsOf(file.path) }));
  const photos = await db.identifyFiles({ files: facts, now: 1 });
  await db.claimPhotos({ wanted, together: true, limit: 8, now: 1 });
  const text = 'long words '.repeat(500);
  await db.completePhotos({ results: photos.map(({ photoId }) => resultOf(photoId, `${photoId} ${text}`)), now: 1 });
  for (const { photoId } of photos) {
    await db.setOwnCaptions({ photoId, texts: [`own ${photoId}`], now: 1 });
    acknowledged.push(`own ${photoId}`);
  }
}

const loop = createWorkLoop({
  async pass(signal) {
    await db.releaseClaims({ now: 1 });
    for (;;) {
      throwIfCancelled(signal);
      await workOnce();
      await new Promise(setImmediate);
    }
  },
  mayRun: () => true,
  onChange: () => undefined,
  isDiskFull: async () => free() < Number(lowMark),
  clock,
  log: silentLog(),
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

const report = { paused: 0, readable: 0, resumed: 0, slowestMs: 0, codes: new Set<string>() };
loop.ask();
await until(() => made > 2);
for (let cycle = 0; cycle < Number(cycles); cycle++) {
  // Odd cycles fill the disk to the last byte under the work's hands, even ones to below the mark.
  try {
    const leave = cycle % 2 === 0 ? Math.floor(Number(lowMark) / 2) : 0;
    while (free() > leave)
      writeFileSync(filler, Buffer.alloc(Math.min(200_000, Math.max(4096, free() - leave))), { flag: 'a' });
  } catch {
    // Full to the last byte.
  }
  await until(() => loop.problem() !== null);
  report.paused++;
  report.codes.add(loop.problem()?.code ?? '');
  const found = await db.searchWords({ text: 'own', limit: 5 });
  if (found.photoIds.length === 5 && (await db.listFolders()).length === 1) report.readable++;
  const before = acknowledged.length;
  if (existsSync(filler)) rmSync(filler);
  const freedAt = performance.now();
  await until(() => acknowledged.length > before);
  report.resumed++;
  // Time here runs a hundred times as fast for what waits, and as ever for what works.
  report.slowestMs = Math.max(report.slowestMs, performance.now() - freedAt);
}
await loop.close();
const kept = new Set<string>();
for (const text of acknowledged) {
  const card = await db.photoView({ photoId: Number(text.slice(4)) });
  if (card?.caption?.text === text) kept.add(text);
}
const { problems } = await db.verify({ now: 2 });
await library.close();
process.stdout.write(
  JSON.stringify({ ...report, codes: [...report.codes], acknowledged: acknowledged.length, kept: kept.size, problems }),
);
