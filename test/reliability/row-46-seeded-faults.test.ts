// The tests themselves: faults are put into a copy of the sources, one at a time, and the test of that promise has to fail by what it expects.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AskedTests,
  askTests,
  complaintOf,
  copyRepository,
  type SeededFault,
  seed,
} from '../helpers/fault-copy.ts';
import { reached } from '../helpers/figure.ts';
import { seededFaults } from './faults/seeded-faults.ts';

/** As many runs at once as a small computer has cores. */
const lanes = 2;
/** A test that hangs with a fault has not failed with it. */
const patienceSeconds = 60;

let folder: string;
let roots: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'photoseek-faults-'));
  roots = Array.from({ length: lanes }, (_, lane) => copyRepository(join(folder, String(lane))));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** No fault at all: a comment is changed. */
const sample: SeededFault = {
  what: 'a sample',
  file: 'main/web-host/gate.ts',
  snippet: '/** The names this host answers to. */',
  faulty: '/** Names. */',
  test: 'test/unit/main/web-host/gate.test.ts',
  named: 'needs a host',
};

/** Hands out all items, one to a copy at a time. */
async function inEachCopy<Item>(
  items: readonly Item[],
  work: (root: string, item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    roots.map(async (root) => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(root, item);
    }),
  );
}

/** Of a wrong value, or of a promise that was to be kept or broken. */
const isOfExpectation = /AssertionError|instead of (rejecting|resolving)/;

/** Null where the test fails as it should; else what it did, to be read by whoever has to mend it. */
function escapeOf({ what, test, named }: SeededFault, asked: AskedTests | undefined): string | null {
  const of = `"${what}": ${test} ("${named}")`;
  if (!asked || asked.broken !== null) return `${of} did not run, so it proves nothing: ${asked?.broken}`;
  if (asked.failed.length === 0) return `${of} passed with the fault in place`;
  if (asked.failed.some(({ message }) => isOfExpectation.test(message))) return null;
  return `${of} failed, but by no expectation of its own: ${asked.failed[0]?.message.slice(0, 500)}`;
}

describe.skipIf(process.platform === 'win32')(
  'promise 46: the tests themselves bite (of what every POSIX system has)',
  () => {
    it('the list is long enough, and every fault can be put into the sources as they are', () => {
      expect(seededFaults.length).toBeGreaterThanOrEqual(25);
      expect(new Set(seededFaults.map(({ what }) => what)).size).toBe(seededFaults.length);
      expect(seededFaults.map(complaintOf).filter((complaint) => complaint !== null)).toEqual([]);
    });

    it('a fault that cannot be put in any more is told of, with what to do', () => {
      const fault = { ...sample, snippet: 'words that are nowhere' };
      expect(complaintOf(fault)).toMatch(
        /"a sample": its snippet occurs 0 times in main\/web-host\/gate\.ts, not once; take/,
      );
      expect(complaintOf({ ...sample, file: 'main/gone.ts' })).toMatch(/main\/gone\.ts is not there any more/);
      expect(complaintOf(sample)).toBeNull();
    });

    it('a fault that no test sees is told of, and one that keeps its test from running', {
      timeout: 120_000,
    }, async () => {
      const verdicts = [sample, { ...sample, faulty: "import './nowhere.ts';" }].map((fault) => (root: string) => {
        const remove = seed(root, fault);
        return askTests(root, [fault], patienceSeconds).then((results) => {
          remove();
          return escapeOf(fault, results.get(fault.test));
        });
      });
      const told = new Map<number, string | null>();
      await inEachCopy([...verdicts.entries()], async (root, [index, verdict]) => {
        told.set(index, await verdict(root));
      });
      expect(told.get(0)).toMatch(/passed with the fault in place/);
      expect(told.get(1)).toMatch(/did not run, so it proves nothing/);
    });

    it('without a fault all of these tests pass', { timeout: 300_000 }, async () => {
      const unsound: string[] = [];
      const files = [...new Set(seededFaults.map(({ test }) => test))];
      const halves = roots.map((_, lane) => files.filter((_file, index) => index % roots.length === lane));
      await inEachCopy(halves, async (root, half) => {
        const faults = seededFaults.filter(({ test }) => half.includes(test));
        const results = await askTests(root, faults, patienceSeconds * 3);
        for (const { test, named } of faults) {
          const { passed = [], failed = [], broken = 'no report' } = results.get(test) ?? {};
          if (failed.length > 0) unsound.push(`${test}: ${failed[0]?.name}: ${failed[0]?.message.slice(0, 500)}`);
          else if (!passed.some((name) => name.includes(named)))
            unsound.push(`${test}: no test with "${named}" in its name passed (${broken ?? 'skipped, or renamed'})`);
        }
      });
      expect(unsound).toEqual([]);
    });

    it('with each fault its test fails by what it expects', { timeout: 900_000 }, async () => {
      const escaped: string[] = [];
      const started = performance.now();
      await inEachCopy(seededFaults, async (root, fault) => {
        const remove = seed(root, fault);
        const results = await askTests(root, [fault], patienceSeconds);
        remove();
        const complaint = escapeOf(fault, results.get(fault.test));
        if (complaint !== null) escaped.push(complaint);
      });
      const caught = seededFaults.length - escaped.length;
      const seconds = Math.round((performance.now() - started) / 1_000);
      reached(46, `${caught} of ${seededFaults.length} seeded faults caught, in ${seconds} s`);
      expect(escaped).toEqual([]);
    });
  },
);
