// Schema steps are whole or not at all, wherever they are cut off; and a library of a newer program is refused as it is.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting, type ReadDb, schemaVersion } from '../../main/store/open-database.ts';
import { openVectorReader } from '../../main/store/vector-reader.ts';
import { figure, reached } from '../helpers/figure.ts';
import { memoryFolder, temporaryFolder } from '../helpers/library-db.ts';

const killsPerStep = figure(20, 100);
const child = fileURLToPath(new URL('children/migrate-slowly.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
/** The kills are many, and each starts a process: it need not strip the types of its sources anew. */
const env = { ...process.env, NODE_COMPILE_CACHE: path.join(tmpdir(), 'photoseek-compiled') };
const noBackUp = async (): Promise<void> => undefined;

function schemaOf(db: ReadDb): unknown[] {
  return db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
}

function inspect(file: string) {
  const db = openForWriting(file, 1_000_000);
  try {
    return {
      version: schemaVersion(db),
      schema: schemaOf(db),
      check: db.pragma('integrity_check', { simple: true }),
      folders: db.prepare('SELECT path FROM folders').pluck().all(),
      words: schemaVersion(db) >= 20 ? db.prepare('SELECT text FROM own_captions').pluck().all() : [],
    };
  } finally {
    db.close();
  }
}

/** A library as the program of that format left it. */
async function fixture(file: string, steps: number): Promise<void> {
  const db = openForWriting(file, 1_000_000);
  await migrate(db, librarySteps.slice(0, steps), noBackUp);
  db.exec(`
    INSERT INTO library (id, uid, created_at) VALUES (1, 'old', 5);
    INSERT INTO folders (path, added_at) VALUES ('/pictures', 5);
    INSERT INTO photos (sha256, size_bytes, newest, added_at) VALUES (zeroblob(32), 5, 1, 5);`);
  if (steps > 1) db.exec("INSERT INTO own_captions (photo_id, rank, text, written_at) VALUES (1, 0, 'my words', 5)");
  db.close();
}

function run(file: string, dieAt: number): Promise<string> {
  const running = spawn(process.execPath, [child, file, String(dieAt)], { stdio: ['ignore', 'pipe', 'inherit'], env });
  let output = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve) => running.on('close', () => resolve(output)));
}

/** Runs what is left to its end. */
async function finish(file: string): Promise<void> {
  const db = openForWriting(file, 1_000_000);
  await migrate(db, librarySteps, noBackUp);
  db.close();
}

describe('promise 7: migrations are atomic and repeatable', () => {
  it(`${killsPerStep} kills for each of ${librarySteps.length - 1} steps`, { timeout: 600_000 }, async () => {
    const folder = memoryFolder();
    const fresh = path.join(folder, 'fresh.db');
    await fixture(fresh, librarySteps.length);
    const { schema } = inspect(fresh);
    const versions = new Set(librarySteps.map(({ version }) => version));
    let kills = 0;
    for (let from = 1; from < librarySteps.length; from++) {
      const old = path.join(folder, `format-${from}.db`);
      await fixture(old, from);
      const whole = path.join(folder, 'whole.db');
      copyFileSync(old, whole);
      const statements = Number(/^done (\d+)$/.exec(await run(whole, 0))?.[1]);
      const rounds = Math.min(killsPerStep, statements);
      for (let start = 0; start < rounds; start += 2) {
        const pair = [start, start + 1].filter((round) => round < rounds);
        await Promise.all(
          pair.map(async (round) => {
            const file = path.join(folder, `killed-${round}.db`);
            for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
            copyFileSync(old, file);
            expect(await run(file, 1 + Math.floor((round * statements) / rounds))).toBe('killed inside');
            const left = inspect(file);
            expect(versions.has(left.version)).toBe(true);
            expect(left.check).toBe('ok');
            await finish(file);
            expect(inspect(file)).toEqual({
              version: librarySteps.at(-1)?.version,
              schema,
              check: 'ok',
              folders: ['/pictures'],
              words: from > 1 ? ['my words'] : [],
            });
            kills++;
          }),
        );
      }
    }
    reached(
      7,
      `${kills} kills inside the steps from ${librarySteps.length - 1} formats, each then brought to the same schema`,
    );
  });
});

describe('promise 8: a newer database is refused untouched', () => {
  it('by its owner, a reader, the search process and the command line: every byte as it was, the version named, nothing to delete offered', async () => {
    const folder = temporaryFolder();
    const library = await openLibrary({ folder, mode: 'write', now: 1 });
    await library.db.registerFolder({ path: '/pictures', now: 1 });
    await library.close();
    const newer = (librarySteps.at(-1)?.version ?? 0) + 10;
    const db = openForWriting(path.join(folder, 'library.db'), newer);
    db.pragma(`user_version = ${newer}`);
    db.close();
    const before = stateOf(folder);
    const refusal = { code: 'store/newer-than-app', message: expect.stringContaining(`format ${newer}`) };
    await expect(openLibrary({ folder, mode: 'write', now: 2 })).rejects.toMatchObject(refusal);
    await expect(openLibrary({ folder, mode: 'read', now: 2 })).rejects.toMatchObject(refusal);
    expect(() => openVectorReader(folder)).toThrow(expect.objectContaining(refusal));
    for (const command of ['status', 'verify', 'backup', 'restore', 'export']) {
      const { stderr, status } = spawnSync(
        process.execPath,
        [path.join(root, 'main/entry/cli.ts'), '--library', folder, command],
        { encoding: 'utf8', cwd: root },
      );
      expect(stderr).toContain(`format ${newer}`);
      expect(stderr).not.toMatch(/delete|remove|move it/i);
      expect(status).toBe(3);
    }
    expect(stateOf(folder)).toEqual(before);
    reached(8, 'owner, reader, search process and 5 commands refused; library byte-identical');
  });
});

/** The library's files; the lock and the log of the program are of no library, and an empty write-ahead log says nothing. */
function stateOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const stats = statSync(path.join(folder, name));
    const isEmptyLog = name.endsWith('-shm') || (name.endsWith('-wal') && stats.size === 0);
    return stats.isFile() && !isEmptyLog && !name.startsWith('logs') && !name.startsWith('owner.db');
  });
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );
}
