// A fault that meets the recovery from another fault damages nothing: killed at work, then refused a call while opening again, then opened for good.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { bundled, canInject, failing, injectedIn, memoryFolder, runChild, several } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';
import { doneIn, shortfallsIn } from '../helpers/store-work.ts';

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
  // A disk that fails once, or from then on.
  const when = `${1 + Math.floor(random() * about)}${random() < 0.5 ? '+' : ''}`;
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

/** Opens a copy of a library while the n-th read of one of its files fails. @returns the folders beside them then: one with what was put away, if anything was. */
async function putAwayAfterRead(from: string, place: string, when: number): Promise<string[]> {
  cpSync(from, place, { recursive: true });
  const files = ['library.db', 'library.db-wal', 'thumbnails.db', 'thumbnails.db-wal'].map((name) => join(place, name));
  const record = `${place}.record`;
  await runChild(worker, [place, '0', '4'], { through: failing('pread64', 'EIO', `${when}`, record, files) });
  expect(injectedIn(record)).toBe(1);
  return readdirSync(place).filter((name) => name === 'damaged');
}

describe.skipIf(!canInject)('promise 6: a fault during recovery damages nothing (needs strace)', () => {
  // SQLite calls a file damaged whose disk failed to read once.
  it('one read that fails while a library is opened does not put it away', { timeout: 120_000 }, async () => {
    const folder = memoryFolder();
    const from = join(folder, 'library');
    const facts = await killAtWork(from, 60);
    const reads = figure(12, 40);
    const wrong: string[] = [];
    await several(reads, 3, async (index) => {
      const place = join(folder, `${index}`);
      const away = await putAwayAfterRead(from, place, index + 1);
      await (await openLibrary({ folder: place, mode: 'write', now: 1 })).close();
      wrong.push(...[...away, ...shortfallsIn(place, facts)].map((problem) => `read ${index + 1}: ${problem}`));
      rmSync(place, { recursive: true });
    });
    expect(wrong).toEqual([]);
  });

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
