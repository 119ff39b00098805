// `photoseek serve` as a real process over the tiny pack. Test processes.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CliOptions, type RunningCli, repository, startCli } from './cli.ts';
import { newestIn } from './screens.ts';

export interface Served extends RunningCli {
  readonly url: string;
  readonly port: number;
}

/** The command serves the built page only; one of older sources would not be let in. */
export function buildPage(): void {
  const built = `${repository}dist/renderer/index.html`;
  const sources = Math.max(...['renderer', 'preload'].map((name) => newestIn(join(repository, name))));
  if (existsSync(built) && statSync(built).mtimeMs >= sources) return;
  spawnSync('npm', ['run', '--silent', 'build:renderer', '--', '--logLevel', 'error'], { cwd: repository });
}

/** Waits for the line that names the address; the process is killed when the test ends. */
export async function startServe(options: CliOptions, ...more: readonly string[]): Promise<Served> {
  const running = startCli(['--json', 'serve', '--no-open', ...more], options);
  onTestFinished(() => endGroup(running.pid));
  const line = await new Promise<string>((resolve, reject) => {
    running.child.stdout?.once('data', resolve);
    void running.done.then(({ stderr }) => reject(new Error(stderr)));
  });
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  if (pid !== running.pid) throw new Error(`the line names process ${pid}, which is not ${running.pid}`);
  return { ...running, url, port: Number(new URL(url).port) };
}

/** Kills the process and its children. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All have ended.
  }
}
