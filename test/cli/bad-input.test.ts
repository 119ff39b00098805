// What a person may get wrong: each is answered by one line and the right exit code, and changes nothing.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CliOptions, canMount, runCli, runJson, samplePhotos, tinyModels, works } from '../helpers/cli.ts';
import { copyAll, makePhotos } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, folderState, libraryRows } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const photos = folderFor('photos');
const library = folderFor('library');
const inLibrary: CliOptions = { library };

/** One line on stderr, nothing on stdout, and the library's rows as before. */
async function refused(args: readonly string[], code: number, message: RegExp, options = inLibrary): Promise<void> {
  const before = libraryRows(library);
  const result = await runCli(['--json', ...args], options);
  expect({ ...result, stderr: result.stderr.split('\n').length }).toEqual({
    code,
    signal: null,
    stdout: '',
    stderr: 2,
  });
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(/^photoseek: /);
  expect(libraryRows(library)).toEqual(before);
}

beforeAll(async () => {
  copyAll(samplePhotos, ['cat.jpg', 'coffee.jpg', 'clock.jpg'], join(photos, 'inner'));
  await runJson(['add', photos], inLibrary);
});

describe('a folder to add', () => {
  it('that is missing', () => refused(['add', join(photos, 'none')], 2, /does not exist; check the spelling/));
  it('that is a file', () => refused(['add', join(photos, 'inner/cat.jpg')], 2, /is a file; name the folder/));
  it('that is empty', () => refused(['add', folderFor()], 2, /is empty; put photos into it/));
  it('inside a registered one', () => refused(['add', join(photos, 'inner')], 2, /is inside .* already/));
  it('around a registered one', () => refused(['add', dirname(photos)], 2, /holds .* already; name the other/));
  it('beside a good one: neither is added', async () => {
    const good = folderFor();
    await makePhotos(good, 1);
    await refused(['add', good, join(good, 'none')], 2, /does not exist/);
  });
  it('that is the library itself', () => refused(['add', library], 2, /is part of the library itself/));

  const canBecomeNobody =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    works('setpriv', '--reuid=65534', '--clear-groups', 'true');
  it.skipIf(process.getuid?.() === 0 && !canBecomeNobody)('that may not be read', async () => {
    const closed = folderFor('closed');
    await makePhotos(closed, 1);
    chmodSync(closed, 0o000);
    chmodSync(dirname(closed), 0o755);
    const own = folderFor();
    chmodSync(own, 0o777);
    const through = canBecomeNobody ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    try {
      await refused(['add', closed], 2, /may not be read; give yourself permission/, {
        library: join(own, 'l'),
        through,
      });
    } finally {
      chmodSync(closed, 0o755);
    }
  });
});

describe('a library', () => {
  it('whose path is a file', async () => {
    const file = folderFor('file');
    writeFileSync(file, 'words');
    await refused(['add', photos], 2, /is a file, or lies below one: name a folder with --library/, { library: file });
    expect(readFileSync(file, 'utf8')).toBe('words');
  });

  it.each([['search', 'a dog'], ['status'], ['show', 'x.jpg']])(
    'that is not there is not made by %s',
    async (...args) => {
      const none = folderFor('none');
      await refused(args, 3, /There is no library in .*: add a folder/, { library: none });
      expect(folderState(none)).toEqual({ '.': 'absent' });
    },
  );

  it('is not made for a folder that is not there', async () => {
    const none = folderFor('none');
    await refused(['add', join(photos, 'mistyped')], 2, /does not exist/, { library: none });
    expect(folderState(none)).toEqual({ '.': 'absent' });
  });

  it.each([['add', photos], ['search', 'a dog'], ['status'], ['doctor']])(
    'of a newer version is left byte for byte by %s',
    async (...args) => {
      const newer = folderFor('newer');
      cpSync(library, newer, { recursive: true });
      const db = new Database(join(newer, 'library.db'));
      db.pragma('user_version = 9990');
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
      const before = folderState(newer);
      await refused(args, 3, /newer/, { library: newer });
      // Reading a database in this mode leaves SQLite's two empty side files, which hold nothing.
      const { 'library.db-shm': _index, 'library.db-wal': log = ' 0 ', ...after } = folderState(newer);
      expect(after).toEqual(before);
      expect(log).toContain(' 0 ');
    },
  );

  it('that is no database is named', async () => {
    const broken = folderFor('broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'library.db'), 'these are the words of another program'.repeat(300));
    await refused(['search', 'a dog'], 3, /is damaged: close Photoseek and start it again, or run "photoseek verify"/, {
      library: broken,
    });
    // Whoever may change the library mends it: the file is kept, and a new library is begun where there is no backup.
    const { code, stdout, stderr } = await runCli(['--json', 'add', photos], { library: broken });
    expect([code, JSON.parse(stdout).photos.failed]).toEqual([0, 0]);
    expect(stderr).toMatch(/damaged/);
    const kept = readdirSync(join(broken, 'damaged'), { recursive: true }).map(String);
    expect(kept.filter((name) => name.includes('library')).length).toBeGreaterThan(0);
  });

  it.skipIf(!canMount)('on a full disk: says so, keeps what it has, and goes on once there is room', async () => {
    const disk = folderFor();
    const twice = `mount -t tmpfs -o size=700k tmpfs ${disk} && { "$@"; test $? = 3; } && mount -o remount,size=800m ${disk} && exec "$@"`;
    const { code, stdout, stderr } = await runCli(['--json', 'add', samplePhotos], {
      library: join(disk, 'l'),
      through: ['unshare', '-Urm', 'sh', '-c', twice, 'sh'],
    });
    expect(stderr).toMatch(
      /^photoseek: The disk .* is full: free some space[^\n]*\n(photoseek: There is no room for a backup [^\n]*\n)?$/,
    );
    expect(code).toBe(0);
    // The first try printed nothing here: the one object is the second's.
    expect(JSON.parse(stdout)).toMatchObject({ photos: { found: 11, indexed: 11, failed: 0 } });
  });

  it.skipIf(!canMount)('whose disk fills up in the middle of the work loses nothing of it', async () => {
    const disk = folderFor();
    const many = folderFor();
    await makePhotos(many, 300);
    const twice = `mount -t tmpfs -o size=8m tmpfs ${disk} && { "$@"; test $? = 3; } && mount -o remount,size=80m ${disk} && exec "$@"`;
    const { code, stdout, stderr } = await runCli(['--json', 'add', many], {
      library: join(disk, 'l'),
      through: ['unshare', '-Urm', 'sh', '-c', twice, 'sh'],
    });
    expect(stderr).toMatch(
      /^photoseek: The disk .* is full: free some space[^\n]*\n(photoseek: There is no room for a backup [^\n]*\n)?$/,
    );
    expect(code).toBe(0);
    const { photos: counts } = JSON.parse(stdout) as { photos: { indexed: number; unchanged: number; failed: number } };
    // Part was stored before the disk was full, part after.
    expect([counts.unchanged > 0, counts.indexed > 0, counts.unchanged + counts.indexed]).toEqual([true, true, 300]);
  });
});

describe('a pack with a wrong hash', () => {
  const models = folderFor('models');
  const withBroken: CliOptions = { library, models };
  beforeAll(() => {
    cpSync(join(tinyModels, 'tiny-starter'), join(models, 'tiny-starter'), { recursive: true });
    const graph = join(models, 'tiny-starter/onnx/vision_model.onnx');
    const bytes = readFileSync(graph);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(graph, bytes);
  });
  const said = /vision_model\.onnx is damaged or changed/;

  it('adds no folder', async () => {
    const more = folderFor();
    await makePhotos(more, 1);
    await refused(['add', more], 3, said, withBroken);
    await refused(['add', photos], 3, said, withBroken);
  });
  it('leaves words and counts to be asked for, and so does one that is not there', async () => {
    for (const options of [withBroken, { library, pack: 'nowhere' }]) {
      const found = await runJson<{ hits: object[]; indexed: number }>(['search', '--mode', 'words', 'cat'], options);
      expect([found.hits.length > 0, found.indexed > 0]).toEqual([true, true]);
      const status = await runJson<Record<string, unknown>>(['status'], options);
      expect(status).toMatchObject({ photos: found.indexed, modelProblem: expect.any(String) });
    }
  });
  it('answers no search', () => refused(['search', 'a dog'], 3, said, withBroken));
  it('captions nothing', () => refused(['caption', join(photos, 'inner/cat.jpg')], 3, said, withBroken));
  it('is a problem that doctor names', async () => {
    const { code, stdout, stderr } = await runCli(['--json', 'doctor'], withBroken);
    const { problems, packs } = JSON.parse(stdout) as { problems: string[]; packs: object[] };
    expect([code, stderr.trim().split('\n').length]).toEqual([3, 1]);
    expect(problems).toEqual([expect.stringMatching(said)]);
    expect(packs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'tiny-starter', active: true, state: 'damaged' }),
        expect.objectContaining({ id: 'starter', active: false, state: 'ok' }),
      ]),
    );
  });
  it.each(['and its time', 'but not its time'])(
    'is noticed where a good pack changed in use, its bytes %s',
    async (what) => {
      const changing = folderFor('models');
      const graph = join(changing, 'tiny-starter/onnx/vision_model.onnx');
      cpSync(join(tinyModels, 'tiny-starter'), join(changing, 'tiny-starter'), { recursive: true });
      const options: CliOptions = { library, models: changing };
      await runJson(['search', 'a dog'], options);
      await runJson(['add', photos], options);
      const { atime, mtime } = statSync(graph);
      const bytes = readFileSync(graph);
      bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
      writeFileSync(graph, bytes);
      if (what === 'but not its time') utimesSync(graph, atime, mtime);
      await refused(['search', 'a dog'], 3, said, options);
      await refused(['add', photos], 3, said, options);
    },
  );
  it('that is not there is named, with those that are', () =>
    refused(['search', 'a dog'], 3, /"nothing" is not installed \(found: .*tiny-starter/, {
      library,
      pack: 'nothing',
    }));
});

describe('a sentence', () => {
  it.each([
    ['empty', ''],
    ['of spaces', '  \t '],
  ])('that is %s', (_what, text) => refused(['search', text], 2, /the sentence is empty; say what the photo shows/));
  it('of 10,000 characters', () =>
    refused(['search', 'a'.repeat(10_000)], 2, /has 10000 characters; shorten it to at most 500/));
  it.each([
    'собака бежит по снегу',
    'كلب يركض في الثلج',
    '两只狗在雪地里玩',
    '🐕🐕❄️',
    'two\u0001dogs\u001b[31m\u0007',
    '"unbalanced AND (NEAR * ^',
    "'; DROP TABLE photos; --",
    'é'.repeat(500),
  ])('in any script or with any signs is answered: %s', async (text) => {
    const before = libraryRows(library);
    const found = await runJson<{ query: string; hits: unknown[] }>(['search', text], inLibrary);
    expect(found.query).toBe(text);
    expect(found.hits).toHaveLength(3);
    expect(libraryRows(library)).toEqual(before);
  });
  it('with control characters reaches no terminal as such', async () => {
    const { stderr } = await runCli(['show', '\u001b[31mred.jpg\u0007'], inLibrary);
    expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
  });
});

describe('a command line', () => {
  it.each(['0', '-1', 'abc', '1.5', '1001', ''])('with --limit %j', (limit) =>
    refused(['search', 'a dog', `--limit=${limit}`], 2, /--limit.*whole number from 1 to 1000/),
  );
  it('with an unknown mode', () =>
    refused(['search', 'a dog', '--mode', 'magic'], 2, /fused, embedding, caption, words/));
  it('with an unknown command', () => refused(['find', 'a dog'], 2, /unknown command 'find'.*--help/));
  it('with a misspelt command', () => refused(['serch', 'a dog'], 2, /Did you mean search\?/));
  it('with an unknown option', () => refused(['search', 'a dog', '--fast'], 2, /unknown option '--fast'/));
  it('without its argument', () => refused(['search'], 2, /missing required argument 'text'/));
  it('with two sentences where quotes were forgotten', () =>
    refused(['search', 'two', 'dogs'], 2, /too many arguments/));
  it('for a photo that is not in the library', () =>
    refused(['show', join(samplePhotos, 'flower.jpg')], 2, /is not in the library; add its folder first/));
});

describe('evaluate', () => {
  const table = folderFor('captions.tsv');
  const evaluate = (...more: string[]) => ['evaluate', '--images', photos, '--captions', table, ...more];
  beforeAll(() => copyFileSync(join(samplePhotos, 'README.md'), table));

  it('without a captions file', () => refused(['evaluate', '--images', photos], 2, /--captions/));
  it('with a captions file that is missing', () =>
    refused(['evaluate', '--images', photos, '--captions', `${table}x`], 2, /captions\.tsvx/));
  it('with a file that is no table', () => refused(evaluate(), 2, /tab/));
  it('with a folder that is missing', () =>
    refused(['evaluate', '--images', join(photos, 'none'), '--captions', table], 2, /none|tab/));
  it.each(['-0.1', '1.1', 'half', ''])('with --own-share %j', (share) =>
    refused(evaluate(`--own-share=${share}`), 2, /from 0 to 1/),
  );
});
