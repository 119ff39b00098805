// A process whose work is done ends, though a call to a dead drive holds one of its threads: a pipe without a writer stands in for the drive.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const modulePath = new URL('../../../../main/platform/last-resort.ts', import.meta.url).href;

/** @param hang code that begins a call that never returns. */
async function endOf(hang: string, pipe = ''): Promise<unknown> {
  const code = `
    import { open } from 'node:fs/promises';
    import { Worker } from 'node:worker_threads';
    import { endInAnyCase } from '${modulePath}';
    const pipe = ${JSON.stringify(pipe)};
    ${hang}
    process.exitCode = 3;
    endInAnyCase(process.stdout, 100);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', (status, signal) => resolve(signal ?? status)));
}

function pipeWithoutWriter(): string {
  const pipe = join(folderOf(), 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  return pipe;
}

describe('the last resort', { timeout: 60_000 }, () => {
  it('lets a process end by itself that can', async () => {
    expect(await endOf('')).toBe(3);
  });

  it.skipIf(process.platform === 'win32').each([
    ['a call that hangs', 'open(pipe).catch(() => undefined);'],
    [
      'a thread in a call that hangs',
      // A thread of code inherits that it is a module, where there is no `require`.
      "new Worker(`const of = process.getBuiltinModule; of('node:fs').openSync(of('node:worker_threads').workerData)`, { eval: true, workerData: pipe });",
    ],
  ])('ends one that waits for %s', async (_what, hang) => {
    expect(await endOf(hang, pipeWithoutWriter())).toBe('SIGKILL');
  });
});
