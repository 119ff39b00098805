// Under clocks that are wrong, or jump, everything works as ever: the suites of the core pass, and so does a whole run of the command line.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openForReading } from '../../main/store/open-database.ts';
import { repository, runJson, works } from '../helpers/cli.ts';
import { isLong, reached } from '../helpers/figure.ts';
import { makePhotos } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';

const canShift = process.platform === 'linux' && works('gcc', '--version');
const folderFor = fileScopedFolders();
const shim = folderFor('clock.so');

/** Those that measure, order and wait: leases, timers, budgets, sessions, times of files. In the long version all of the core, with processes that are killed. */
const suites = isLong
  ? ['test/store', 'test/integration', 'test/unit/main', 'test/cli']
  : [
      'test/store/owner.test.ts',
      'test/unit/main/library-db/work.test.ts',
      'test/unit/main/library-db/scans.test.ts',
      'test/unit/main/services/indexing/scan-folder.test.ts',
      'test/unit/main/services/indexing/background-indexer.test.ts',
      'test/unit/main/services/indexing/following-changes.test.ts',
      'test/unit/main/platform/rpc.test.ts',
      'test/unit/main/platform/supervisor.test.ts',
      'test/unit/main/platform/crash-budget.test.ts',
      'test/unit/main/watching',
      'test/unit/main/web-host/sessions.test.ts',
    ];

const day = 86_400;
const clocks: readonly (readonly [string, string])[] = [
  ['40 years back', `${-40 * 365.25 * day}`],
  ['10 years ahead', `${10 * 365 * day}`],
  ['jumping seven times a second', 'jumping'],
];

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function underClock(clock: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
  return { ...Object.fromEntries(own), LD_PRELOAD: shim, PHOTOSEEK_TEST_CLOCK: clock };
}

/** Files that could not be run, and tests that failed, each with why. */
function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === '' ? [] : [`${name}: ${message}`]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`),
  ]);
}

async function runSuites(clock: string): Promise<Report> {
  const output = join(folderFor(), 'report.json');
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const options = ['--reporter=json', `--outputFile=${output}`, '--testTimeout=60000'];
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...suites], {
    cwd: repository,
    env: underClock(clock),
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}

describe.skipIf(!canShift)('promise 43: clock changes are harmless (needs gcc)', () => {
  it('a shim moves the clock of a process', () => {
    const source = join(repository, 'test/helpers/clock-shim.c');
    expect(spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', shim, source], { encoding: 'utf8' }).stderr).toBe('');
    const year = (clock: string): string =>
      spawnSync(process.execPath, ['-p', 'new Date().getFullYear()'], {
        env: underClock(clock),
        encoding: 'utf8',
      }).stdout;
    const now = new Date().getFullYear();
    expect(Number(year(clocks[0]?.[1] ?? ''))).toBeLessThanOrEqual(now - 39);
    expect(Number(year(clocks[1]?.[1] ?? ''))).toBeGreaterThanOrEqual(now + 9);
  });

  it.each(clocks)(
    'the suites of the core pass with a clock %s',
    { timeout: isLong ? 3_600_000 : 240_000 },
    async (name, clock) => {
      const report = await runSuites(clock);
      const { numPassedTests, numFailedTests } = report;
      // Joined, for a difference of lists is cut short.
      expect(failuresOf(report).join('\n\n')).toBe('');
      expect(numFailedTests).toBe(0);
      expect(numPassedTests).toBeGreaterThan(100);
      reached(43, `${numPassedTests} tests of the core pass with a clock ${name}`);
    },
  );

  it('a library is filled under one clock, gone on with under the next, and repeats no work', {
    timeout: 120_000,
  }, async () => {
    const photos = folderFor('photos');
    mkdirSync(photos);
    await makePhotos(photos, 6);
    const library = folderFor('library');
    const counts: unknown[] = [];
    /** How far the log of vectors has come: further where a picture was looked at again. */
    const looks: unknown[] = [];
    for (const [, clock] of [...clocks, ...clocks.slice(0, 1)]) {
      const { photos: found } = await runJson<{ photos: unknown }>(['add', photos], {
        library,
        env: underClock(clock),
      });
      counts.push(found);
      const db = openForReading(join(library, 'library.db'));
      looks.push(db.prepare('SELECT max(seq) FROM vec_log').pluck().get());
      db.close();
    }
    const again = { found: 6, indexed: 0, unchanged: 6, failed: 0 };
    // Files from the future of the first clock are read once more, which finds them the same.
    expect(counts).toEqual([{ ...again, indexed: 6, unchanged: 0 }, again, again, again]);
    expect(looks).toEqual(looks.map(() => looks[0]));
    expect(looks[0]).toBeGreaterThanOrEqual(6);
  });
});
