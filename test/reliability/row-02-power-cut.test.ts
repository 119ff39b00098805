// A caption that was acknowledged is there after a power cut: of the real store's system calls, states are rebuilt that a disk may be left in.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openForWriting } from '../../main/store/open-database.ts';
import { works } from '../helpers/cli.ts';
import { memoryFolder, runChild } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { callsIn, cutOften, recording, writeState } from '../helpers/power-cut.ts';
import type { Looked } from './children/cut-power.ts';

const canRecord = process.platform === 'linux' && works('strace', '-qq', '--seccomp-bpf', '-f', 'true');
const states = figure(2_000, 20_000);
const worker = fileURLToPath(new URL('children/work.ts', import.meta.url));
const looker = fileURLToPath(new URL('children/cut-power.ts', import.meta.url));
const weakWriter = fileURLToPath(new URL('children/write-weakly.ts', import.meta.url));

/**
 * Records several runs over one library: a new one, one long enough for the log to be taken over and begun again, one that is killed, a last one.
 * @returns the records
 */
async function recordedRuns(library: string, record: string): Promise<string[]> {
  const records: string[] = [];
  for (const [run, rounds] of [2, 22, 100, 2].entries()) {
    const output = `${record}-${run}`;
    let heard = 0;
    await runChild(worker, [library, String(rounds), '4'], {
      through: recording(output),
      onOutput: (text, kill) => {
        heard += text.split('\n').length;
        if (rounds === 100 && heard > 40) kill();
      },
    });
    records.push(output);
  }
  return records;
}

/** The states are shared out over this many processes. */
const parts = 2;

describe.skipIf(!canRecord)('promise 2: what was acknowledged survives a power cut (needs strace)', () => {
  it(`${states} states that a disk may be left in`, { timeout: states * 500 }, async () => {
    const folder = memoryFolder();
    const library = join(folder, 'library');
    const records = await recordedRuns(library, join(folder, 'record'));
    const share = String(Math.ceil(states / parts));
    const ended = await Promise.all(
      Array.from({ length: parts }, (_, part) =>
        runChild(looker, [library, join(folder, `state-${part}`), share, String(part + 2), ...records]),
      ),
    );
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ended.map(() => ({ code: 0, stderr: '' })));
    const looks = ended.map(({ lines }) => JSON.parse(lines[0] ?? '') as Looked);
    expect(looks.flatMap(({ found }) => found)).toEqual([]);
    const sum = (of: (look: Looked) => number): number => looks.reduce((total, look) => total + of(look), 0);
    // Shares of a state may be left over at the end of each.
    expect(sum((look) => look.states)).toBeGreaterThanOrEqual(states - parts);
    // The log was taken over while work went on, and begun again: the most delicate moments were among them.
    expect(looks[0]?.reused).toBeGreaterThan(3);
    reached(
      2,
      `${sum((look) => look.states)} states after cuts among ${looks[0]?.calls} calls, 0 corrupt, 0 of ${sum((look) => look.facts)} acknowledged facts lost`,
    );
  });

  it.each(['NORMAL', 'OFF'])(
    'the test sees what synchronous=%s would lose',
    { timeout: 60_000 },
    async (synchronous) => {
      const folder = memoryFolder();
      const record = join(folder, 'record');
      const file = join(folder, 'weak', 'weak.db');
      await runChild(weakWriter, [file, synchronous], { through: recording(record) });
      let lost = 0;
      await cutOften(callsIn(record, join(folder, 'weak')), 200, 2, async (state, acknowledged, random) => {
        const at = join(folder, 'state');
        writeState(state, at, random);
        lost += (await weakRows(join(at, 'weak.db'))) >= acknowledged.length ? 0 : 1;
      });
      expect(lost).toBeGreaterThan(20);
    },
  );
});

/** -1 where the file is damaged. */
async function weakRows(file: string): Promise<number> {
  try {
    const db = openForWriting(file, 0);
    try {
      if (db.pragma('integrity_check', { simple: true }) !== 'ok') return -1;
      return db.prepare<[], number>('SELECT count(*) FROM t').pluck().get() ?? 0;
    } finally {
      db.close();
    }
  } catch {
    return -1;
  }
}
