// The parts of the command line that hold for every command: help, version, where the library is, streams; and what a damaged library folder costs.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CliOptions, canMount, repository, runCli, runJson, samplePhotos } from '../helpers/cli.ts';
import { fileScopedFolders, folderState, libraryRows, withLibrary } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const options: CliOptions = { library: folderFor('library') };
const cat = join(samplePhotos, 'cat.jpg');

beforeAll(() => runJson(['add', samplePhotos], options));

describe('photoseek', () => {
  it('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8')) as { version: string };
    expect(await runCli(['--version'], options)).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('--help lists every command, and each has a help of its own', async () => {
    const { code, stdout, stderr } = await runCli(['--help'], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const commands = ['add', 'search', 'show', 'caption', 'status', 'doctor', 'evaluate', 'serve'];
    expect(commands.filter((command) => !new RegExp(`^  ${command} `, 'm').test(stdout))).toEqual([]);
    for (const command of ['search', 'evaluate']) {
      expect(await runCli([command, '--help'], options)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`photoseek ${command}`),
      });
    }
  });

  it('finds its library through the environment, which --library overrules', async () => {
    const env = { PHOTOSEEK_LIBRARY: options.library };
    const through = ['sh', '-c', 'node=$1; entry=$2; shift 4; exec "$node" "$entry" "$@"', 'sh'];
    expect(await runJson<{ library: string }>(['status'], { library: 'dropped', env, through })).toMatchObject({
      library: options.library,
      photos: 11,
    });
    const other = await runCli(['status'], { library: folderFor('other'), env });
    expect(other.code).toBe(3);
  });

  it.each([
    [['status'], '11 photos: 11 indexed, 0 pending, 0 failed'],
    [['doctor'], 'no problems found'],
    [['search', 'a cat'], 'cat.jpg'],
    [['show', cat], 'sha256'],
    [['caption', cat], `${cat}: `],
  ])('%j speaks to people without --json', async (args, text) => {
    const { code, stdout, stderr } = await runCli(args, options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(text);
    expect(stdout).not.toContain('{');
  });

  it('takes --json before and after the command', async () => {
    const { stdout } = await runCli(['status', '--json'], options);
    expect(JSON.parse(stdout)).toMatchObject({ photos: 11 });
  });

  it('makes no library for doctor', async () => {
    const none = join(options.library, 'none');
    const { code, stdout, stderr } = await runCli(['--json', 'doctor'], { ...options, library: none });
    expect({ code, problems: (JSON.parse(stdout) as { problems: string[] }).problems }).toEqual({
      code: 0,
      problems: [],
    });
    expect(stderr).toContain(`no library in ${none}`);
    expect(existsSync(none)).toBe(false);
  });

  it('reports on its parts in doctor', async () => {
    const report = await runJson<Record<string, unknown>>(['doctor'], options);
    expect(report).toMatchObject({
      versions: {
        photoseek: expect.any(String),
        node: process.versions.node,
        sqlite: expect.any(String),
        onnxruntime: expect.any(String),
      },
      packs: expect.arrayContaining([expect.objectContaining({ id: 'tiny-starter', active: true, state: 'ok' })]),
      store: { library: options.library, journal: 'wal', synchronous: 'full', check: 'ok' },
      problems: [],
    });
  });
});

describe('photoseek caption', () => {
  it('captions files without touching a library', async () => {
    const before = libraryRows(options.library);
    const { captions, model } = await runJson<{
      captions: { path: string; caption: string; error: null }[];
      model: string;
    }>(['caption', cat, join(samplePhotos, 'clock.jpg')], options);
    expect(model).toBe('tiny-starter@1/caption');
    expect(captions.map(({ path, error }) => ({ path, error }))).toEqual([
      { path: cat, error: null },
      { path: join(samplePhotos, 'clock.jpg'), error: null },
    ]);
    expect(captions.every(({ caption }) => caption.length > 0)).toBe(true);
    expect(libraryRows(options.library)).toEqual(before);
  });

  it('makes no library where there is none', async () => {
    const none = folderFor('none');
    await runJson(['caption', cat], { library: none });
    expect(folderState(none)).toEqual({ '.': 'absent' });
  });

  it('captions what it can, names the rest, and ends with 2', async () => {
    const result = await runCli(['--json', 'caption', `${cat}.none`, cat], options);
    expect(result.code).toBe(2);
    const { captions } = JSON.parse(result.stdout) as {
      captions: { caption: string | null; error: { code: string } | null }[];
    };
    expect(captions).toMatchObject([
      { caption: null, error: { code: 'fs/missing' } },
      { caption: expect.any(String), error: null },
    ]);
    expect(result.stderr).toMatch(/^photoseek: cat\.jpg\.none .*\n$/);
  });
});

describe('a library folder that lost a part', () => {
  const copied = (name: string): CliOptions => {
    const library = folderFor(name);
    cpSync(options.library, library, { recursive: true });
    return { library };
  };

  it('makes its thumbnails anew', async () => {
    const copy = copied('thumbless');
    rmSync(join(copy.library, 'thumbnails.db'));
    expect(await runJson<{ hits: unknown[] }>(['search', 'a cat'], copy)).toMatchObject({ indexed: 11 });
    expect(await runJson(['add', samplePhotos], copy)).toMatchObject({ photos: { found: 11, failed: 0 } });
    withLibrary(copy.library, (db) => {
      db.exec(`ATTACH '${join(copy.library, 'thumbnails.db')}' AS t`);
      expect(db.prepare('SELECT count(*) FROM t.thumbnails').pluck().get()).toBe(11);
    });
  });

  it('throws damaged thumbnails away', async () => {
    const copy = copied('bad-thumbnails');
    writeFileSync(join(copy.library, 'thumbnails.db'), 'no database'.repeat(1_000));
    expect(await runJson(['search', 'a cat'], copy)).toMatchObject({ indexed: 11 });
    expect(await runJson(['add', samplePhotos], copy)).toMatchObject({ photos: { found: 11, failed: 0 } });
  });

  it('needs neither its logs nor its lock file', async () => {
    const copy = copied('bare');
    rmSync(join(copy.library, 'logs'), { recursive: true });
    rmSync(join(copy.library, 'owner.db'));
    expect(await runJson(['search', 'a cat'], copy)).toMatchObject({ indexed: 11 });
    expect(await runJson(['add', samplePhotos], copy)).toMatchObject({ photos: { unchanged: 11 } });
  });
});

describe('read-only places', () => {
  const readOnly = (place: string): string[] => [
    'unshare',
    '-Urm',
    'sh',
    '-c',
    `mount --bind ${place} ${place} && mount -o remount,ro,bind ${place} && exec "$@"`,
    'sh',
  ];

  it.skipIf(!canMount)('photos are indexed where nothing can be written beside them', async () => {
    const photos = folderFor('photos');
    cpSync(samplePhotos, photos, { recursive: true });
    const result = await runJson(['add', photos], { library: folderFor('library'), through: readOnly(photos) });
    expect(result).toMatchObject({ photos: { found: 11, indexed: 11, failed: 0 } });
  });

  it.skipIf(!canMount)('a library that cannot be written is refused by add in one line', async () => {
    const library = folderFor('library');
    cpSync(options.library, library, { recursive: true });
    const before = folderState(library);
    const { code, stdout, stderr } = await runCli(['--json', 'add', samplePhotos], {
      library,
      through: readOnly(library),
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^photoseek: .*cannot be written: give yourself write permission.*\n$/);
    expect(folderState(library)).toEqual(before);
  });
});
