// A fault that meets the recovery from another fault damages nothing: killed at work, then refused a call while opening again, then opened for good.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { bundled, canInject, doneIn, failing, injectedIn, memoryFolder, runChild, several } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';
import { shortfallsIn } from '../helpers/store-work.ts';

const runs = figure(200, 2_000);
const runsOfOneLibrary = 10;
const source = fileURLToPath(new URL('children/work.ts', import.meta.url));
let worker = source;

/** Calls by which a log is taken over, and how often opening makes each, about. */
const calls: readonly (readonly [string, number])[] = [
  ['pread64', 40],
  ['pwrite64', 60],
  ['fsync', 6],
  ['ftruncate', 4],
  ['unlink', 2],
];

beforeAll(async () => {
  worker = await bundled(source);
});

interface Tally {
  injected: number;
  /** Openings that the fault prevented. */
  prevented: number;
  readonly wrong: string[];
}

async function killAtWork(folder: string, afterMs: number): Promise<string[]> {
  let isArmed = false;
  const { lines } = await runChild(worker, [folder, '1000000', '4'], {
    onOutput: (_, kill) => {
      if (!isArmed) setTimeout(kill, afterMs);
      isArmed = true;
    },
  });
  return doneIn(lines);
}

/** Opens and closes while a call fails. */
async function openWithFault(folder: string, random: () => number, tally: Tally): Promise<void> {
  const [call = '', about = 1] = calls[Math.floor(random() * calls.length)] ?? [];
  const files = ['library.db', 'library.db-wal', 'thumbnails.db', 'thumbnails.db-wal'].map((name) =>
    join(folder, name),
  );
  const record = `${folder}.record`;
  const when = `${1 + Math.floor(random() * about)}`;
  const { code, lines, stderr } = await runChild(worker, [folder, '0', '4'], {
    through: failing(call, 'EIO', when, record, files),
  });
  tally.injected += Math.min(1, injectedIn(record));
  if (lines.some((line) => line.startsWith('failed '))) tally.prevented++;
  if (code !== 0) tally.wrong.push(`${call} ${when}: ended with ${code}: ${stderr}`);
}

async function runLibrary(library: number, tally: Tally): Promise<void> {
  const folder = join(memoryFolder(), 'library');
  const random = seededRandom(600 + library);
  const facts: string[] = [];
  for (let run = 0; run < runsOfOneLibrary; run++) {
    facts.push(...(await killAtWork(folder, 1 + random() * 40)));
    await openWithFault(folder, random, tally);
    const reopened = await openLibrary({ folder, mode: 'write', now: 1 });
    await reopened.close();
    tally.wrong.push(...shortfallsIn(folder, facts).map((shortfall) => `library ${library}, run ${run}: ${shortfall}`));
  }
}

describe.skipIf(!canInject)('promise 6: a fault during recovery damages nothing (needs strace)', () => {
  it(`${runs} times killed, refused and opened again`, { timeout: runs * 1_500 }, async () => {
    const tally: Tally = { injected: 0, prevented: 0, wrong: [] };
    await several(runs / runsOfOneLibrary, 2, (library) => runLibrary(library, tally));
    expect(tally.wrong).toEqual([]);
    expect(tally.injected).toBeGreaterThan(runs / 3);
    expect(tally.prevented).toBeGreaterThan(runs / 20);
    reached(
      6,
      `${runs} runs, ${tally.injected} faults met the recovery, ${tally.prevented} prevented it, 0 corrupt, 0 lost`,
    );
  });
});
