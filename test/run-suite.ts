// Runs every test with the collections of photos that tests use mounted read-only, where the system lets us, and fails where anything of them has changed since.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { samplePhotos } from './helpers/cli.ts';
import { originalsIn } from './helpers/originals.ts';

const collections = [samplePhotos, `${samplePhotos}/../../../shared/data`]
  .filter((folder) => existsSync(folder))
  .map((folder) => realpathSync(folder));

/** Whoever is not root keeps the right to mount for the mounts alone: with it in hand no test of a closed folder would mean anything. */
const [keeping, dropping] =
  process.getuid?.() === 0
    ? [[], '']
    : [['--map-current-user', '--keep-caps'], 'setpriv --inh-caps=-all --ambient-caps=-all'];

/** A shell that makes each folder read-only, proves it, and becomes what follows them. */
const overReadOnly = [
  'unshare',
  '-m',
  ...keeping,
  'sh',
  '-c',
  `for i in ${collections.map((_, index) => index).join(' ')}; do
     mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" 2>/dev/null || exit 1
     shift
   done
   exec ${dropping} "$@"`,
  'sh',
  ...collections,
];

function run(command: readonly string[], stdio: 'inherit' | 'ignore'): number | null {
  const [program = '', ...rest] = command;
  return spawnSync(program, rest, { stdio, shell: process.platform === 'win32' }).status;
}

const before = collections.map(originalsIn);
const isProtected = process.platform === 'linux' && run([...overReadOnly, 'true'], 'ignore') === 0;
const vitest = ['vitest', 'run', ...process.argv.slice(2)];
const status = run(isProtected ? [...overReadOnly, ...vitest] : vitest, 'inherit');
const changed = collections.flatMap((folder, index) => {
  const now = originalsIn(folder);
  const names = new Set([...Object.keys(now), ...Object.keys(before[index] ?? {})]);
  return [...names].filter((name) => now[name] !== before[index]?.[name]).map((name) => `${folder}/${name}`);
});
const count = before.reduce((sum, files) => sum + Object.keys(files).length, 0);
const how = isProtected ? 'mounted read-only' : 'not mounted read-only: this system does not let us';
process.stdout.write(
  `promise 14: the whole suite over ${count} files and folders of photos, ${how}, ${changed.length} changed${changed.map((path) => `\n  ${path}`).join('')}\n`,
);
process.exitCode = changed.length > 0 ? 1 : (status ?? 1);
