// A copy of the repository in a temporary folder, in which one fault at a time is put into the sources and the tests are asked about it. Test processes.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A mistake that somebody could make, and the test that has to fail with it. */
export interface SeededFault {
  /** What is wrong then, in a few words. */
  readonly what: string;
  /** Source with the mistake, relative to the repository. */
  readonly file: string;
  /** Occurs exactly once in that source. */
  readonly snippet: string;
  readonly faulty: string;
  /** Test file, relative to the repository, and words of the names of the tests in it that are run. */
  readonly test: string;
  readonly named: string;
}

/** What became of the tests of one file that were asked for. */
export interface AskedTests {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly name: string; readonly message: string }[];
  /** Why nothing was run: the file could not be loaded, or the runner ended without a report. Null where tests ran. */
  readonly broken: string | null;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Written by nobody, or large. */
const linked = ['node_modules', 'dist'];
const copied = [
  'main',
  'preload',
  'native-models',
  'renderer',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** Models of tens of megabytes. */
const largeFiles = /\.(onnx|bin|data)$/;

/** A copy that is changed without anything happening to the repository. @param folder of its own; made where missing. @returns the copy's root in it. */
export function copyRepository(folder: string): string {
  const root = path.join(folder, 'repository');
  mkdirSync(root, { recursive: true });
  for (const name of linked.filter((one) => existsSync(path.join(repository, one))))
    symlinkSync(path.join(repository, name), path.join(root, name), 'junction');
  // Data that is not part of the repository lies beside it, where there is any.
  const shared = path.join(repository, '..', 'shared');
  if (existsSync(shared)) symlinkSync(shared, path.join(folder, 'shared'), 'junction');
  const large: string[] = [];
  for (const name of copied) {
    const filter = (source: string): boolean => {
      if (largeFiles.test(source)) large.push(source);
      return !largeFiles.test(source);
    };
    cpSync(path.join(repository, name), path.join(root, name), { recursive: true, filter });
  }
  for (const source of large) linkOrCopy(source, path.join(root, path.relative(repository, source)));
  return root;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another disk, or a file system without links.
    copyFileSync(from, to);
  }
}

/** What is not right about the list itself: it is to be kept up with the sources. Null where the fault can be put in. */
export function complaintOf({ what, file, snippet, faulty, test }: SeededFault): string | null {
  for (const name of [file, test])
    if (!existsSync(path.join(repository, name)))
      return `"${what}": ${name} is not there any more; name the file it is in now`;
  const count = readFileSync(path.join(repository, file), 'utf8').split(snippet).length - 1;
  if (count !== 1)
    return `"${what}": its snippet occurs ${count} times in ${file}, not once; take the words that stand there now: ${snippet}`;
  return snippet === faulty ? `"${what}": nothing is changed by it` : null;
}

/** Puts a fault into a copy. @returns what takes it out again. */
export function seed(root: string, { file, snippet, faulty }: SeededFault): () => void {
  const name = path.join(root, file);
  const sound = readFileSync(name, 'utf8');
  const write = (text: string): void => {
    rmSync(name);
    writeFileSync(name, text);
  };
  // A function: the replacement may hold a dollar sign.
  write(sound.replace(snippet, () => faulty));
  return () => write(sound);
}

/** Runs the tests of those names in a copy, by test file. Hung ones are ended after `seconds`. */
export async function askTests(
  root: string,
  asked: readonly Pick<SeededFault, 'test' | 'named'>[],
  seconds: number,
): Promise<ReadonlyMap<string, AskedTests>> {
  const files = [...new Set(asked.map(({ test }) => test))];
  const names = [...new Set(asked.map(({ named }) => escaped(named)))].join('|');
  const report = path.join(root, 'report.json');
  rmSync(report, { force: true });
  const output = await runVitest(root, [...files, '-t', names, '--reporter=json', `--outputFile=${report}`], seconds);
  const results = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report).testResults : [];
  return new Map(files.map((file) => [file, ofFile(results, path.join(root, file), output)]));
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

function ofFile(results: Report['testResults'], file: string, output: string): AskedTests {
  const found = results.find(({ name }) => path.resolve(name) === path.resolve(file));
  const passed: string[] = [];
  const failed: { name: string; message: string }[] = [];
  for (const { fullName, status, failureMessages } of found?.assertionResults ?? []) {
    if (status === 'passed') passed.push(fullName);
    if (status === 'failed') failed.push({ name: fullName, message: (failureMessages ?? []).join('\n') });
  }
  const isRun = passed.length + failed.length > 0;
  return { passed, failed, broken: isRun ? null : found?.message || output.slice(-2_000) || 'no test has such a name' };
}

function runVitest(root: string, args: readonly string[], seconds: number): Promise<string> {
  const runner = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  // What the runner of this test told its worker is not for a runner inside it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|VITE_|PHOTOSEEK_LONG|NODE_OPTIONS|TEST$|DEV$|PROD$|SSR$)/.test(name),
    ),
  );
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [runner, 'run', '--maxWorkers=1', ...args],
      { cwd: root, env: { ...env, CI: '1' }, timeout: seconds * 1_000, killSignal: 'SIGKILL', maxBuffer: 1 << 26 },
      (_, stdout, stderr) => resolve(`${stdout}${stderr}`),
    );
  });
}

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
