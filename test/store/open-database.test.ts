// The one opener: settings of every connection, and what it says of files it cannot use.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForReading, openForWriting, type ReadDb, writing } from '../../main/store/open-database.ts';
import { toStoreError } from '../../main/store/store-error.ts';
import { openVectorReader } from '../../main/store/vector-reader.ts';
import { libraryOf, resultOf, temporaryFolder } from '../helpers/library-db.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const latest = librarySteps.at(-1)?.version ?? 0;

/** Gives a process mounts of its own; part of the system's own tools. */
const namespaceTool = 'unshare';
/** Mounts need a user namespace, which not every system allows. */
const canMount =
  process.platform === 'linux' &&
  spawnSync(namespaceTool, ['-Urm', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0;

function settings(db: ReadDb) {
  const read = (name: string): unknown => db.pragma(name, { simple: true });
  return {
    journal: read('journal_mode'),
    synchronous: read('synchronous'),
    foreignKeys: read('foreign_keys'),
    trustedSchema: read('trusted_schema'),
    busyTimeout: read('busy_timeout'),
    pageSize: read('page_size'),
  };
}

const expected = {
  journal: 'wal',
  synchronous: 2,
  foreignKeys: 1,
  trustedSchema: 0,
  busyTimeout: 5_000,
  pageSize: 16_384,
};

describe('openForWriting and openForReading', () => {
  it('give every connection the settings that durability rests on: the first, a reopened one, a reader', () => {
    const file = path.join(temporaryFolder(), 'some.db');
    const first = openForWriting(file, 0);
    expect(settings(first)).toEqual(expected);
    first.exec('CREATE TABLE t (a INTEGER) STRICT');
    first.close();
    const again = openForWriting(file, 0);
    expect(settings(again)).toEqual(expected);
    const reader = openForReading(file);
    expect(settings(reader)).toEqual(expected);
    expect(() => reader.exec('INSERT INTO t VALUES (1)')).toThrow(/readonly|read-only/);
    reader.close();
    again.close();
  });

  it('are the only place that opens SQLite files', () => {
    const sources = readdirSync(path.join(root, 'main'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const openers = sources.filter((name) =>
      /new Database\(/.test(readFileSync(path.join(root, 'main', name), 'utf8')),
    );
    expect(openers.map((name) => name.split(path.sep).join('/'))).toEqual(['store/open-database.ts']);
  });

  it('write only in immediate transactions', () => {
    const sources = readdirSync(path.join(root, 'main'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const users = sources.filter((name) => /\.transaction\(/.test(readFileSync(path.join(root, 'main', name), 'utf8')));
    expect(users.map((name) => name.split(path.sep).join('/'))).toEqual(['store/open-database.ts']);
  });
});

describe('a library of a newer version', () => {
  it('is refused with its files byte for byte as they were', async () => {
    const folder = temporaryFolder();
    const library = await openLibrary({ folder, mode: 'write', now: 1 });
    await library.close();
    const db = openForWriting(path.join(folder, 'library.db'), latest);
    db.pragma(`user_version = ${latest + 10}`);
    db.close();
    const before = digests(folder);
    await expect(openLibrary({ folder, mode: 'write', now: 2 })).rejects.toMatchObject({
      code: 'store/newer-than-app',
      message: expect.stringContaining(`format ${latest + 10}`),
    });
    await expect(openLibrary({ folder, mode: 'read', now: 2 })).rejects.toMatchObject({ code: 'store/newer-than-app' });
    expect(() => openVectorReader(folder)).toThrow(expect.objectContaining({ code: 'store/newer-than-app' }));
    expect(digests(folder)).toEqual(before);
  });

  it('is refused also where its last change is still in the log, which stays as it is', async () => {
    const folder = temporaryFolder();
    spawnSync(process.execPath, [
      fileURLToPath(new URL('children/leave-log.ts', import.meta.url)),
      folder,
      String(latest + 10),
    ]);
    const before = digests(folder);
    expect(Object.keys(before)).toContain('library.db-wal');
    await expect(openLibrary({ folder, mode: 'write', now: 2 })).rejects.toMatchObject({
      code: 'store/newer-than-app',
    });
    expect(digests(folder)).toEqual(before);
  });
});

describe('a library that was left half written', () => {
  /** As a cut leaves a library that was just put back from a backup: what the conversion of its log had begun is to be rolled back. */
  async function leftHalfWritten(name: string): Promise<string> {
    const { folder, close } = await libraryOf(['a.jpg']);
    await close();
    const file = path.join(folder, name);
    const db = openForWriting(file, 1_000);
    db.pragma('journal_mode = DELETE');
    // Pages reach the file before the end of the transaction, as they do when it outgrows the cache.
    db.pragma('cache_size = 1');
    db.pragma('cache_spill = 1');
    db.exec('BEGIN IMMEDIATE; CREATE TABLE large (a BLOB) STRICT; CREATE TABLE other (a BLOB) STRICT');
    for (let n = 0; n < 40; n++) db.exec('INSERT INTO large VALUES (zeroblob(20000))');
    const left = ['', '-journal'].map((end) => readFileSync(`${file}${end}`));
    db.exec('ROLLBACK');
    db.close();
    for (const [index, bytes] of left.entries()) writeFileSync(`${file}${index === 0 ? '' : '-journal'}`, bytes);
    return folder;
  }

  it('is not said to lack a permission, and is put in order by its next owner', async () => {
    const folder = await leftHalfWritten('library.db');
    await expect(openLibrary({ folder, mode: 'read', now: 2 })).rejects.toMatchObject({
      code: 'store/busy',
      message: expect.stringMatching(/half written .* start Photoseek, or run "add" once/),
    });
    expect(() => openVectorReader(folder)).toThrow(/half written/);
    await (await openLibrary({ folder, mode: 'write', now: 2 })).close();
    const reader = await openLibrary({ folder, mode: 'read', now: 2 });
    expect((await reader.db.listFolders()).map((known) => known.path)).toEqual(['/pictures/Holiday']);
    await reader.close();
  });

  it('a reader waits for an owner that is putting it in order', async () => {
    const folder = await leftHalfWritten('library.db');
    const reading = openLibrary({ folder, mode: 'read', now: 2 });
    const owner = await openLibrary({ folder, mode: 'write', now: 2 });
    const reader = await reading;
    expect(reader.mode).toBe('reader');
    await reader.close();
    await owner.close();
  });

  it('search goes on without thumbnails where only those were left so', async () => {
    const folder = await leftHalfWritten('thumbnails.db');
    const reader = await openLibrary({ folder, mode: 'read', now: 2 });
    expect(await reader.db.revision()).toMatchObject({ photos: expect.any(Number) });
    await reader.close();
  });
});

describe('files that cannot be used', () => {
  it('a damaged database is named to a reader, with what to do, and its owner begins anew and keeps it', async () => {
    const { folder, db, photoIds, close } = await libraryOf(Array.from({ length: 300 }, (_, n) => `${n}.jpg`));
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id, 'a caption')), now: 1 });
    await close();
    const file = path.join(folder, 'library.db');
    const bytes = readFileSync(file);
    // All but the header page: what is found depends on the first page that is read.
    bytes.fill(0xa5, 16_384);
    writeFileSync(file, bytes);
    await expect(openLibrary({ folder, mode: 'read', now: 2 })).rejects.toMatchObject({
      code: 'store/corrupt',
      message: expect.stringMatching(/library\.db is damaged: close Photoseek and start it again/),
    });
    const again = await openLibrary({ folder, mode: 'write', now: 2 });
    expect((await again.db.listFolders()).map((known) => known.path)).toEqual([]);
    await again.close();
    expect(readFileSync(path.join(folder, 'damaged', 'library-1.db'))).toEqual(bytes);
  });

  it('a file that is no database is damaged too', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'library.db'), 'not a database, and long enough to be read as one'.repeat(40));
    expect(() => openVectorReader(folder)).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
    await (await openLibrary({ folder, mode: 'write', now: 2 })).close();
    expect(readFileSync(path.join(folder, 'damaged', 'library-1.db'), 'utf8')).toMatch(/^not a database/);
  });

  it('damage that only a full check sees is found after a process died with the library open', async () => {
    const { folder, db, photoIds, close } = await libraryOf(Array.from({ length: 300 }, (_, n) => `${n}.jpg`));
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id, 'a caption')), now: 1 });
    await close();
    const file = path.join(folder, 'library.db');
    const opened = openForWriting(file, latest);
    opened.exec('UPDATE library SET in_use = 1');
    const page = opened
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'files_by_photo'")
      .pluck()
      .get() as number;
    opened.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, (page - 1) * 16_384 + 8_000, page * 16_384);
    writeFileSync(file, bytes);
    const again = await openLibrary({ folder, mode: 'write', now: 2 });
    await again.close();
    expect(readFileSync(path.join(folder, 'damaged', 'library-1.db'))).toEqual(bytes);
  });

  it('a file in place of the folder, or of a folder above it', async () => {
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const folder of [file, path.join(file, 'below')]) {
      await expect(openLibrary({ folder, mode: 'write', now: 1 })).rejects.toMatchObject({
        code: 'fs/not-a-folder',
        message: expect.stringContaining('--library'),
      });
    }
  });

  it('a library that does not exist is not made by reading', async () => {
    const folder = path.join(temporaryFolder(), 'none');
    await expect(openLibrary({ folder, mode: 'read', now: 1 })).rejects.toMatchObject({ code: 'library/not-found' });
    expect(() => openVectorReader(folder)).toThrow(expect.objectContaining({ code: 'library/not-found' }));
    expect(existsSync(folder)).toBe(false);
  });

  it('a write past the largest size is a full disk', async () => {
    const file = path.join(temporaryFolder(), 'some.db');
    const db = openForWriting(file, 0);
    db.exec('CREATE TABLE t (a BLOB) STRICT');
    db.pragma('max_page_count = 4');
    let thrown: unknown;
    try {
      writing(db, () => db.prepare('INSERT INTO t VALUES (zeroblob(100000))').run());
    } catch (error) {
      thrown = error;
    }
    db.close();
    expect(toStoreError(thrown, file)).toMatchObject({ code: 'store/disk-full' });
  });

  it.skipIf(!canMount)(
    'a full disk stops writing but not reading, loses nothing, and goes on when there is space',
    () => {
      const folder = temporaryFolder();
      const output = inMount(
        folder,
        'size=6m',
        `exec "$NODE" "${fileURLToPath(new URL('children/full-disk.ts', import.meta.url))}" "${folder}"`,
      );
      const { acknowledged, whileFull, resumed, kept, quickCheck, errors } = JSON.parse(output);
      expect(errors.map((error: { code: string }) => error.code)).toEqual(['store/disk-full', 'store/disk-full']);
      expect(errors[0].message).toMatch(/is full: free some space/);
      expect({ whileFull: whileFull + 1, resumed, kept, quickCheck }).toEqual({
        whileFull: acknowledged,
        resumed: true,
        kept: acknowledged,
        quickCheck: 'ok',
      });
    },
  );

  it.skipIf(!canMount)(
    'a folder that cannot be written is named, with what to do, whether it holds a library or not',
    () => {
      const folder = temporaryFolder();
      const open = `"$NODE" "${fileURLToPath(new URL('children/open-once.ts', import.meta.url))}" "${folder}/library"`;
      for (const before of ['true', `${open} >/dev/null`]) {
        const output = inMount(folder, 'size=20m', `${before}; mount -o remount,ro "${folder}"; exec ${open}`);
        expect(JSON.parse(output)).toMatchObject({
          code: 'store/read-only',
          message: expect.stringMatching(/cannot be written: .* another place with --library/),
        });
      }
    },
  );
});

/** Runs a shell line with a small disk mounted on the folder, and returns what it prints. */
function inMount(folder: string, options: string, line: string): string {
  return execFileSync(
    namespaceTool,
    ['-Urm', 'sh', '-c', `mount -t tmpfs -o ${options} none "${folder}" && { ${line}; }`],
    {
      env: { ...process.env, NODE: process.execPath },
      encoding: 'utf8',
    },
  );
}

/** The content of the library's files. Reading may leave an empty log. */
function digests(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter(
    (name) => /^library\.db(-wal)?$/.test(name) && statSync(path.join(folder, name)).size > 0,
  );
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );
}
