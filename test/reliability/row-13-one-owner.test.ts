// A library has one owner, whoever starts how often and however the owner ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { figure, reached } from '../helpers/figure.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

const starts = figure(50, 50);
const takeOvers = figure(5, 50);
const entry = fileURLToPath(new URL('children/own-files.ts', import.meta.url));

async function holder(folder: string): Promise<{ child: ChildProcess; mode: string }> {
  const child = spawn(process.execPath, [entry, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'photoseek-compiled') },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, mode: line.toString().trim() };
}

describe('promise 13: one owner of the store', () => {
  it(`${starts} starts at once on a library that is not there yet have one owner`, { timeout: 300_000 }, async () => {
    const folder = temporaryFolder();
    const started = await Promise.all(Array.from({ length: starts }, () => holder(folder)));
    const modes = started.map(({ mode }) => mode);
    expect(modes.filter((mode) => mode === 'owner')).toHaveLength(1);
    expect(modes.filter((mode) => mode === 'reader')).toHaveLength(starts - 1);
    reached(13, `${starts} parallel starts, 1 owner, ${starts - 1} readers`);
  });

  it(`${takeOvers} owners killed: the next start takes over within two seconds`, { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    let slowestMs = 0;
    // A second program that only reads holds up nobody.
    const first = await holder(folder);
    const beside = await holder(folder);
    expect([first.mode, beside.mode]).toEqual(['owner', 'reader']);
    for (let kill = 0; kill < takeOvers; kill++) {
      const owner = kill === 0 ? first : await holder(folder);
      expect(owner.mode).toBe('owner');
      const exited = once(owner.child, 'exit');
      owner.child.kill('SIGKILL');
      await exited;
      const startedAt = performance.now();
      const next = await openLibrary({ folder, mode: 'write', now: 1 });
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      expect(next.mode).toBe('owner');
      await next.close();
    }
    expect(slowestMs).toBeLessThan(2_000);
    reached(13, `${takeOvers} take-overs after SIGKILL, slowest ${Math.round(slowestMs)} ms`);
  });
});
