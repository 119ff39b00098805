// A full disk stops work but not reading, loses nothing, and work goes on by itself when there is room.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../main/platform/app-error.ts';
import { diskSpace, isNearlyFull } from '../../main/platform/disk-space.ts';
import { silentLog } from '../../main/platform/log.ts';
import { createWorkLoop } from '../../main/services/indexing/work-loop.ts';
import { figure, reached } from '../helpers/figure.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { manualClock, settled } from '../helpers/manual-clock.ts';

/** Gives a process mounts of its own; part of the system's own tools. */
const namespaceTool = 'unshare';
const canMount =
  process.platform === 'linux' &&
  spawnSync(namespaceTool, ['-Urm', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0;
const cycles = figure(20, 200);
const GB = 1024 ** 3;

describe('promise 5: a full disk pauses, then work goes on', () => {
  it.skipIf(!canMount)(`${cycles} cycles on a small disk (needs mounts without root)`, { timeout: 300_000 }, () => {
    const folder = temporaryFolder();
    const child = fileURLToPath(new URL('children/full-disk-loop.ts', import.meta.url));
    const script = `mount -t tmpfs -o size=${cycles > 20 ? 600 : 96}m none "${folder}" && exec "$NODE" "${child}" "${folder}" ${cycles} 3000000`;
    const { stdout, stderr } = spawnSync(namespaceTool, ['-Urm', 'sh', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath },
    });
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ paused: cycles, readable: cycles, resumed: cycles, codes: ['store/disk-full'] });
    expect(report.kept).toBe(report.acknowledged);
    expect(report.problems).toEqual([]);
    expect(report.slowestMs).toBeLessThan(5_000);
    reached(
      5,
      `${cycles} cycles, ${report.acknowledged} acknowledged captions, 0 lost; slowest resumption ${Math.round(report.slowestMs)} ms after the look`,
    );
  });

  it('looks before a pass and every five seconds during one, and begins again within ten seconds of there being room', async () => {
    const clock = manualClock();
    let isFull = false;
    let passes = 0;
    const loop = createWorkLoop({
      pass: (signal) => {
        passes++;
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new CancelledError())));
      },
      mayRun: () => true,
      onChange: () => undefined,
      isDiskFull: async () => isFull,
      clock,
      log: silentLog(),
    });
    loop.ask();
    await settled();
    expect([passes, loop.problem()]).toEqual([1, null]);
    isFull = true;
    clock.advance(5_000);
    await settled();
    expect(loop.problem()?.code).toBe('store/disk-full');
    for (let looks = 0; looks < 100; looks++) {
      clock.advance(5_000);
      await settled();
    }
    expect(passes).toBe(1);
    isFull = false;
    clock.advance(5_000);
    await settled();
    expect([passes, clock.now() <= 5_000 + 100 * 5_000 + 10_000]).toEqual([2, true]);
    void loop.close();
  });

  it.each([
    [0.4 * GB, 100 * GB, true],
    [0.6 * GB, 50 * GB, false],
    [0.9 * GB, 100 * GB, true],
    [1.1 * GB, 100 * GB, false],
    [6 * GB, 4_000 * GB, false],
    [4.9 * GB, 4_000 * GB, true],
  ])('%d bytes free of %d: nearly full is %s', (freeBytes, totalBytes, full) => {
    expect(isNearlyFull({ freeBytes, totalBytes })).toBe(full);
  });

  it('asks the system for the disk of a folder, and knows when it does not say', async () => {
    expect((await diskSpace(temporaryFolder()))?.totalBytes).toBeGreaterThan(0);
    expect(await diskSpace('/there/is/no/such/folder')).toBeNull();
  });
});
