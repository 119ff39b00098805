// A caption that was acknowledged is there after the process was killed, at whatever moment that was.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { bundled, memoryFolder, runChild, several } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';
import { doneIn, shortfallsIn } from '../helpers/store-work.ts';

const source = fileURLToPath(new URL('children/work.ts', import.meta.url));
const kills = figure(500, 5_000);
/** Then a new library is begun: checking all of one takes longer the more there is in it. */
const killsOfOneLibrary = 20;

let worker = source;

beforeAll(async () => {
  worker = await bundled(source);
});

interface Killed {
  readonly facts: readonly string[];
  readonly isOver: boolean;
}

/** Kills a worker a while after it began to work, or, given no output, after it was started. */
async function killedAfter(folder: string, afterMs: number, whileStarting: boolean): Promise<Killed> {
  let isArmed = false;
  const arm = (kill: () => void): void => {
    if (isArmed) return;
    isArmed = true;
    setTimeout(kill, afterMs);
  };
  const { lines, signal } = await runChild(worker, [folder, '1000000', '4'], {
    onStart: (kill) => whileStarting && arm(kill),
    onOutput: (_, kill) => arm(kill),
  });
  return { facts: doneIn(lines), isOver: signal !== 'SIGKILL' };
}

interface Tally {
  killed: number;
  acknowledged: number;
  working: number;
  readonly lost: string[];
}

async function killOver(library: number, tally: Tally): Promise<void> {
  const folder = memoryFolder();
  const random = seededRandom(library);
  const facts: string[] = [];
  for (let kill = 0; kill < killsOfOneLibrary; kill++) {
    // Every fifth while it starts: opening is where a log that was left behind is taken over.
    const whileStarting = kill % 5 === 4;
    const ended = await killedAfter(folder, whileStarting ? 30 + random() * 60 : 1 + random() * 50, whileStarting);
    if (ended.isOver) throw new Error('the worker ended by itself');
    tally.killed++;
    tally.working += ended.facts.length > 0 ? 1 : 0;
    facts.push(...ended.facts);
    tally.lost.push(
      ...shortfallsIn(folder, facts).map((shortfall) => `library ${library}, kill ${kill}: ${shortfall}`),
    );
  }
  tally.acknowledged += facts.length;
  const reopened = await openLibrary({ folder, mode: 'write', now: 1 });
  await reopened.close();
  tally.lost.push(...shortfallsIn(folder, facts));
}

describe('promise 1: what was acknowledged survives the end of the process', () => {
  it(`${kills} kills lose nothing and mix nothing`, { timeout: kills * 1_000 }, async () => {
    const tally: Tally = { killed: 0, acknowledged: 0, working: 0, lost: [] };
    await several(kills / killsOfOneLibrary, 2, (library) => killOver(library, tally));
    expect(tally.lost).toEqual([]);
    expect(tally.killed).toBe(kills);
    // Kills that meet no work prove little.
    expect(tally.working).toBeGreaterThan(kills / 2);
    reached(
      1,
      `${kills} kills, ${tally.working} of them at work, ${tally.acknowledged} acknowledged facts, 0 lost, 0 mixed`,
    );
  });
});
