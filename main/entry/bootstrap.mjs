// What `npm start`, `npm run demo` and `npm test` run first, with whatever Node is there (20 or newer): installs what is missing, builds what is
// out of date, then goes on with the Node that the project brings. Plain JavaScript, because nothing is installed yet when it starts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` };
const isWindows = process.platform === 'win32';

const tasks = { start, demo, check };
const task = tasks[process.argv[2] ?? ''];
if (!task) fail(`unknown task ${process.argv[2]}; there are ${Object.keys(tasks).join(' and ')}`);
setUp();
await task();

function setUp() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`Node ${process.versions.node} is too old to set Photoseek up; install Node 20 or newer`);
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) {
    console.error('Setting up (once): installing packages, this can take a few minutes.');
    // Warnings of packages that ask for a newer Node than the one at hand are moot: the project brings its own.
    run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund']);
  }
  const kernel = join(root, 'dist', 'vectors', 'kernel.wasm');
  const source = join(root, 'main', 'vectors', 'kernel', 'kernel.ts');
  if (!existsSync(kernel) || statSync(kernel).mtimeMs < statSync(source).mtimeMs)
    run('npm', ['run', '--silent', 'build']);
}

/** Opens Photoseek: in a window of its own where Electron's binary is there, else in the browser. */
async function start() {
  if (hasElectron()) return runLive('npm', ['run', '--silent', 'desktop']);
  buildPage();
  await runLive('npm', ['run', '--silent', 'photoseek', '--', 'serve', ...process.argv.slice(3)]);
}

/** The browser tests run on the built page, in a Chromium of the system's. */
function check() {
  buildPage();
  const chromium = findChromium() ?? installChromium();
  if (chromium) environment.PHOTOSEEK_CHROMIUM = chromium;
  else
    console.error(
      'No Chromium or Chrome is installed: the browser tests are skipped. Install one, or set PHOTOSEEK_CHROMIUM to its path.',
    );
  run('npm', ['run', '--silent', 'check']);
}

/** The package can be there without its binary, which it fetches from elsewhere, and on Linux there can be no screen to show a window on. */
function hasElectron() {
  const folder = join(root, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named) || !existsSync(join(folder, 'dist', readFileSync(named, 'utf8')))) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function findChromium() {
  const programs = [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA];
  const places = {
    linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`),
    darwin: ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
    win32: programs.filter(Boolean).map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
  };
  const named = process.env.PHOTOSEEK_CHROMIUM;
  return [...(named ? [named] : []), ...(places[process.platform] ?? [])].find((path) => existsSync(path));
}

/** From Debian's packages, where whoever runs this may install some: in a container, on a build machine. */
function installChromium() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.error('Setting up (once): installing Chromium for the browser tests.');
  const quietly = { stdio: 'ignore', env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' } };
  const get = (...args) => spawnSync('apt-get', ['-qq', ...args], quietly).status === 0;
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  if (get(...install) || (get('update') && get(...install))) return findChromium();
  return undefined;
}

function buildPage() {
  const built = join(root, 'dist', 'renderer', 'index.html');
  const sources = ['renderer', join('preload', 'contract'), 'package-lock.json'].map((path) => join(root, path));
  if (existsSync(built) && Math.max(...sources.map(newest)) < statSync(built).mtimeMs) return;
  console.error('Building the interface.');
  run('npm', ['run', '--silent', 'build:renderer', '--', '--logLevel', 'warn']);
}

/** Time of the youngest file below a folder, epoch milliseconds. */
function newest(path) {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(facts.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Indexes the sample photos of the repository and answers an example sentence. */
async function demo() {
  const library = join(root, '.cache', 'demo-library');
  const photoseek = ['run', '--silent', 'photoseek', '--', '--library', library];
  console.log('Indexing the sample photos of this repository into a demo library.\n');
  await runLive('npm', [...photoseek, 'add', join(root, 'docs', 'sample-photos')]);
  const sentence = 'a cup of coffee on a wooden table';
  console.log(`\nphotoseek search "${sentence}"\n`);
  await runLive('npm', [...photoseek, 'search', sentence, '--limit', '3']);
  console.log(`
Now with your own photos (they are only ever read, never changed):

  npm start
  npm run -s photoseek -- add ~/Pictures
  npm run -s photoseek -- search "two dogs playing in the snow"
  npm run -s photoseek -- --help

The starter models were trained on Flickr8k, whose photos are for research and education; see README.md.`);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: 'inherit',
    shell: isWindows,
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** As `run`, but leaves Ctrl+C to the command, so that it can stop cleanly. */
function runLive(command, args) {
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    const child = spawn(command, args.map(quote), { cwd: root, env: environment, stdio: 'inherit', shell: isWindows });
    child.on('error', (error) => fail(`${command} could not be started: ${error.message}`));
    child.on('exit', (code) => (code === 0 ? resolve() : process.exit(code ?? 1)));
  });
}

/** A shell (needed for npm on Windows) would split arguments at spaces. */
function quote(text) {
  return isWindows && /\s/.test(text) ? `"${text}"` : text;
}

function fail(message) {
  console.error(`photoseek: ${message}`);
  process.exit(1);
}
