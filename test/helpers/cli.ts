// The command line as a person runs it: a real process, its streams and its exit code. Test processes.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const samplePhotos = `${repository}docs/sample-photos`;
export const tinyModels = `${repository}test/fixtures/models`;
const entry = `${repository}main/entry/cli.ts`;

export interface CliOptions {
  readonly library: string;
  /** Folder of model packs; the tiny packs by default. */
  readonly models?: string;
  readonly pack?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Command and arguments that the program is started through, as in `unshare -Urm`. */
  readonly through?: readonly string[];
  /** Another program than the command line. */
  readonly entry?: string;
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly done: Promise<CliResult>;
}

/** Starts a command as the leader of a process group of its own, which a signal to `-pid` reaches whole. */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  const [command = process.execPath, ...before] = [...(options.through ?? []), process.execPath];
  const child = spawn(command, [...before, options.entry ?? entry, '--library', options.library, ...args], {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PHOTOSEEK_MODELS: options.models ?? tinyModels,
      PHOTOSEEK_PACK: options.pack ?? 'tiny-starter',
      ...options.env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const done = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, pid: child.pid ?? 0, done };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).done;
}

/** A command that must succeed, with `--json`. Fails where stdout is not exactly one line with one JSON object. */
export async function runJson<T>(args: readonly string[], options: CliOptions): Promise<T> {
  const { code, stdout, stderr } = await runCli(['--json', ...args], options);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`not one line of JSON: ${stdout}`);
  return JSON.parse(stdout) as T;
}

/** Processes below this one, nearest first. Linux only; ones that end meanwhile are left out. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let waiting = [pid]; waiting.length > 0; ) {
    waiting = waiting.flatMap((one) => children.get(one) ?? []);
    found.push(...waiting);
  }
  return found;
}

/** Those that run the given entry file. */
export function descendantsRunning(pid: number, entryName: string): number[] {
  return descendants(pid).filter((one) => procText(one, 'cmdline').includes(entryName));
}

/** Resident memory of a process, in bytes; 0 where it has ended. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(procText(pid, 'status'))?.[1] ?? 0) * 1024;
}

export function isRunning(pid: number): boolean {
  // A zombie has ended; only its parent has not asked yet.
  const state = procText(pid, 'stat').replace(/^.*\) /s, '')[0];
  return state !== undefined && state !== 'Z';
}

function parentOf(pid: number): number | undefined {
  const fields = procText(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields[1] === undefined ? undefined : Number(fields[1]);
}

function procText(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** True where a command works on this machine; tests that need it are skipped elsewhere. */
export function works(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** True where a process may mount file systems of its own. */
export const canMount =
  process.platform === 'linux' && works('unshare', '-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt');

/** Calls until it holds; fails after `withinMs`. */
export async function until<T>(check: () => T | undefined | false, withinMs = 20_000): Promise<T> {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    const value = check();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`did not come true within ${withinMs} ms: ${check}`);
}
