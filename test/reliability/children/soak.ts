// Child of row-44-soak.test.ts: uses the whole application without a pause, and prints what it holds of the system as JSON lines. Started with --expose-gc.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { composeApplication, connectWindow, windowPorts } from '../../helpers/application.ts';
import { descendants, residentBytes } from '../../helpers/cli.ts';
import { patchesJpeg } from '../../helpers/photo-fixtures.ts';

/** It ends when both are reached. */
const [, , folder = '', rounds = '0', seconds = '0'] = process.argv;
const photos = join(folder, 'photos');
const library = join(folder, 'library');
mkdirSync(photos);
/** The same sixty photos come and go, so that the library itself stays as large as it is. */
const pool = await Promise.all(Array.from({ length: 60 }, (_, seed) => patchesJpeg(seed)));
/** So many that none is written anew within minutes: a file that is gets read ever more seldom. */
const names = 2_400;
const shown = 24;

function put(n: number): void {
  writeFileSync(join(photos, `${n % names}.jpg`), pool[n % pool.length] ?? '');
}

for (let n = 0; n < shown; n++) put(n);

const window = windowPorts();
const application = await composeApplication(library, { window, inferenceWorkers: 1 });
const { api } = connectWindow(application);
const { folderId } = await api.library.addPlace({ placeId: window.places.name(photos) });

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/** What this process's own thread still refers to: buffers included, garbage not. */
function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function sample(round: number, startedAt: number): void {
  const pids = [process.pid, ...descendants(process.pid)];
  const sum = (of: (pid: number) => number): number => pids.reduce((total, pid) => total + of(pid), 0);
  const line = {
    round,
    seconds: (performance.now() - startedAt) / 1000,
    rssBytes: sum(residentBytes),
    heapBytes: heapBytes(),
    files: sum(openFiles),
    handles: process.getActiveResourcesInfo().length,
    processes: pids.length,
    logBytes: Math.max(sizeOf(join(library, 'library.db-wal')), sizeOf(join(library, 'thumbnails.db-wal'))),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function settled(): Promise<void> {
  for (;;) {
    const [status, progress] = [await api.library.status({}), await api.indexing.progress({})];
    if (status.photos === shown && status.pending === 0 && progress.phase === 'idle') return;
    // Of many that are gone the person is asked.
    const [folder] = (await api.library.folders({})).folders;
    if (progress.phase === 'idle' && folder && folder.vanished > 0)
      await api.library.settleVanished({ folderId, gone: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function use(round: number): Promise<void> {
  for (let n = round * 4; n < round * 4 + 4; n++) {
    rmSync(join(photos, `${n % names}.jpg`), { force: true });
    put(n + shown);
  }
  await api.indexing.rescan({});
  await settled();
  const { photoIds } = await api.search.rank({ text: `a red square ${round}` });
  for (const mode of ['embedding', 'caption', 'words'] as const) await api.search.rank({ text: 'blue', mode });
  const [photoId = 1] = photoIds;
  await api.search.similar({ photoId });
  await api.library.setCaption({ photoId, text: `words of round ${round}` });
  await api.library.setFavourite({ photoIds: [photoId], favourite: round % 2 === 0 });
  await api.library.setExclude({ folderId, exclude: round % 2 === 0 ? ['*.tmp'] : [] });
  for (const variant of ['thumbnail', 'preview', 'original'] as const) {
    const { body } = await application.media.openMedia({ photoId, variant });
    if (body instanceof Readable) await buffer(body);
  }
  await settled();
}

await settled();
const startedAt = performance.now();
for (let round = 0; round < Number(rounds) || performance.now() - startedAt < Number(seconds) * 1_000; round++) {
  await use(round);
  sample(round, startedAt);
}
await application.close();
process.stdout.write('"closed"\n');
process.exit(0);
