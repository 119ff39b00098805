// Faults from outside: children that are killed or whose system calls fail, and where their files lie. Test processes.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'vite';
import { onTestFinished } from 'vitest';
import { repository, works } from './cli.ts';

/** In memory where the system has such a place: an ended process loses nothing there, and thousands of syncs cost nothing. */
const ramFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder in memory, removed when the test ends. */
export function memoryFolder(): string {
  const folder = mkdtempSync(join(ramFolder, 'photoseek-faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Puts a TypeScript program and all of ours that it imports into one file, which starts in half the time: what counts where hundreds are started.
 * @returns its path
 */
export async function bundled(file: string): Promise<string> {
  // Below node_modules packages are found from it. A folder of its own: several test files may build the same program at once.
  const folder = join(repository, 'node_modules/.photoseek-tests', String(process.pid));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { external: true },
    build: { ssr: file, outDir: folder, emptyOutDir: false, target: 'node24', minify: false },
  });
  return join(folder, `${basename(file, '.ts')}.js`);
}

export interface ChildOptions {
  /** Command and arguments that Node is started through. */
  readonly through?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Called when the process has been started. */
  onStart?(kill: () => void): void;
  /** Told of each piece of output as it comes; `kill` ends the process at once. */
  onOutput?(text: string, kill: () => void): void;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whole lines only: one without its end was being written when the process ended. */
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs a program in a Node of its own until it ends. Compiled code is kept between runs. */
export function runChild(file: string, args: readonly string[], options: ChildOptions = {}): Promise<ChildEnd> {
  const [command = process.execPath, ...before] = [...(options.through ?? []), process.execPath];
  const child = spawn(command, [...before, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'photoseek-compiled'), ...options.env },
  });
  const kill = (): void => void child.kill('SIGKILL');
  options.onStart?.(kill);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onOutput?.(text, kill);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, lines: stdout.split('\n').slice(0, -1), stderr }));
  });
}

/** Runs `one` for 0 to `count - 1`, as many at a time as given. */
export async function several(count: number, atOnce: number, one: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, line));
}

/**
 * Command and arguments under which the n-th call of a kind fails with an error.
 * @param when its number, 1 being the first; `3+` for the third and all later ones
 * @param paths the files that count; any where none is named
 */
export function failing(
  call: string,
  error: string,
  when: string,
  output: string,
  paths: readonly string[] = [],
): string[] {
  // Traced alone: strace injects nothing into calls that it does not trace.
  const only = paths.flatMap((path) => ['-P', path]);
  return [
    'strace',
    '-f',
    '-qq',
    '--seccomp-bpf',
    ...only,
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:error=${error}:when=${when}`,
    '-o',
    output,
  ];
}

/** How many calls of the process were made to fail; 0 where it made fewer than asked for. */
export function injectedIn(record: string): number {
  return readFileSync(record, 'latin1').split('(INJECTED)').length - 1;
}

/** True where system calls can be made to fail. */
export const canInject = process.platform === 'linux' && works('strace', '-f', '-qq', '--seccomp-bpf', 'true');
