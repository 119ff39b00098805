// Indexing survives the end of any of its processes at any moment: the next run finishes, nothing is done twice, nothing acknowledged is lost.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CliOptions,
  descendants,
  descendantsRunning,
  isRunning,
  runJson,
  startCli,
  until,
} from '../helpers/cli.ts';
import { makePhotos, seededRandom } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, storedResults, withLibrary } from '../helpers/temp-library.ts';

const kills = 50;
const photoCount = 150;
const onLinux = process.platform === 'linux';

interface AddResult {
  photos: { found: number; indexed: number; unchanged: number; failed: number };
  failures: unknown[];
}

const folderFor = fileScopedFolders();
const photos = folderFor('photos');
let expected: Record<string, string> = {};
let runMs = 0;
let rowsWhenDone = 0;

beforeAll(async () => {
  mkdirSync(photos);
  await makePhotos(photos, photoCount);
  const options: CliOptions = { library: folderFor('reference') };
  const startedAt = performance.now();
  await runJson(['add', photos], options);
  runMs = performance.now() - startedAt;
  expected = storedResults(options.library);
  rowsWhenDone = acknowledged(options.library).length;
});

/** What a reader sees now: each caption and each vector's checksum; nothing where the library is still being made. */
function acknowledged(library: string): string[] {
  try {
    return withLibrary(library, (db) =>
      db
        .prepare<[], string>(
          `SELECT 'caption ' || photo_id || ' ' || rank || ' ' || text FROM generated_captions
           UNION ALL SELECT 'vector ' || photo_id || ' ' || space_id || ' ' || crc FROM vectors
           UNION ALL SELECT 'done ' || photo_id || ' ' || stage FROM jobs WHERE state = 'done'
           UNION ALL SELECT 'photo ' || id || ' ' || hex(sha256) FROM photos`,
        )
        .pluck()
        .all(),
    );
  } catch {
    return [];
  }
}

/** Nothing twice, nothing half, nothing missing. */
function expectWhole(library: string): void {
  expect(storedResults(library)).toEqual(expected);
  withLibrary(library, (db) => {
    const count = (sql: string): unknown => db.prepare(sql).pluck().get();
    expect({
      check: db.pragma('integrity_check', { simple: true }),
      foreignKeys: db.pragma('foreign_key_check'),
      files: count('SELECT count(*) FROM files'),
      jobs: db.prepare('SELECT stage, state, count(*) AS jobs FROM jobs GROUP BY stage, state ORDER BY stage').all(),
      vectors: count('SELECT count(*) FROM vectors'),
      unlogged: count(
        'SELECT count(*) FROM vectors v LEFT JOIN vec_log l USING (photo_id, space_id) WHERE l.seq IS NULL',
      ),
      words: count('SELECT count(*) FROM documents'),
    }).toEqual({
      check: 'ok',
      foreignKeys: [],
      files: photoCount,
      jobs: [
        { stage: 'caption', state: 'done', jobs: photoCount },
        { stage: 'look', state: 'done', jobs: photoCount },
      ],
      vectors: 2 * photoCount,
      unlogged: 0,
      words: photoCount,
    });
  });
}

/** One run that ends by itself or is killed whole after `afterMs`. `seen` is what a reader saw just before. */
async function runOrKill(options: CliOptions, afterMs: number): Promise<{ finished: boolean; seen: string[] }> {
  const run = startCli(['--json', 'add', photos], options);
  let isOver = false;
  void run.done.then(() => {
    isOver = true;
  });
  const end = performance.now() + afterMs;
  await until(() => isOver || performance.now() >= end, 60_000);
  const seen = acknowledged(options.library);
  if (!isOver) process.kill(-run.pid, 'SIGKILL');
  return { finished: (await run.done).signal === null, seen };
}

interface Tally {
  killed: number;
  /** Kills that met some photos done and some not. */
  midway: number;
  readonly lost: string[];
}

/** Kills runs over one library until one of them ends by itself, then expects everything there. */
async function killOver(tally: Tally, random: () => number): Promise<void> {
  const options: CliOptions = { library: folderFor('library') };
  while (tally.killed < kills) {
    const { finished, seen } = await runOrKill(options, random() * 1.2 * runMs);
    if (finished) break;
    tally.killed++;
    if (seen.some((row) => row.startsWith('done')) && seen.length < rowsWhenDone) tally.midway++;
    const kept = new Set(acknowledged(options.library));
    tally.lost.push(...seen.filter((row) => !kept.has(row)));
  }
  const { photos: counts, failures } = await runJson<AddResult>(['add', photos], options);
  expect({ ...counts, indexed: 0, unchanged: 0, failures }).toEqual({
    found: photoCount,
    indexed: 0,
    unchanged: 0,
    failed: 0,
    failures: [],
  });
  expectWhole(options.library);
}

describe.skipIf(!onLinux)('the whole process group', () => {
  it(`killed ${kills} times at any moment`, { timeout: 240_000 }, async () => {
    const tally: Tally = { killed: 0, midway: 0, lost: [] };
    // Two libraries at a time: most of a run is waiting for disks and starting processes.
    const line = async (seed: number): Promise<void> => {
      for (const random = seededRandom(seed); tally.killed < kills; ) await killOver(tally, random);
    };
    await Promise.all([line(1), line(2)]);
    expect(tally.lost).toEqual([]);
    expect(tally.killed).toBeGreaterThanOrEqual(kills);
    // Kills before the first and after the last photo prove little.
    expect(tally.midway).toBeGreaterThan(kills / 10);
  });
});

describe.skipIf(!onLinux)('an inference child', () => {
  it('killed three times during one run costs nothing', { timeout: 90_000 }, async () => {
    const options: CliOptions = { library: folderFor('library') };
    const run = startCli(['--json', 'add', photos], options);
    let isOver = false;
    void run.done.then(() => {
      isOver = true;
    });
    let killed = 0;
    const done = (): number => acknowledged(options.library).filter((row) => row.startsWith('done')).length;
    for (const after of [1, 60, 120]) {
      await until(() => isOver || done() >= after, 60_000);
      const [child] = descendantsRunning(run.pid, 'entry/inference.ts');
      if (isOver || child === undefined) break;
      process.kill(child, 'SIGKILL');
      killed++;
    }
    const { code, stdout, stderr } = await run.done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(killed).toBeGreaterThan(0);
    expect((JSON.parse(stdout) as AddResult).photos).toEqual({
      found: photoCount,
      indexed: photoCount,
      unchanged: 0,
      failed: 0,
    });
    expectWhole(options.library);
  });
});

describe.skipIf(!onLinux)('children', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('are gone soon after their parent ended by %s', async (signal) => {
    const run = startCli(['--json', 'add', photos], { library: folderFor(join('library')) });
    const children = await until(() => {
      const found = descendantsRunning(run.pid, 'entry/inference.ts');
      return found.length > 0 && found;
    });
    const all = descendants(run.pid);
    expect(all).toEqual(expect.arrayContaining(children));
    // The parent alone, not its group.
    process.kill(run.pid, signal);
    await run.done;
    await until(() => all.every((pid) => !isRunning(pid)), 10_000);
  });
});
