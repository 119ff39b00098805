// Schema steps are whole or not at all, wherever they are cut off; and a library of a newer program is refused as it is.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

const killsPerStep = figure(20, 400);
const processKills = figure(1, 20);
const killsOf = Array.from({ length: processKills }, (_, kill) => kill);
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

/** What a kill leaves on the disk: the database as it was before the step, and so much of the log as the step had written. */
interface StepOnDisk {
  readonly from: number;
  readonly database: Buffer;
  readonly log: Buffer;
}

async function stepOnDisk(folder: string, from: number): Promise<StepOnDisk> {
  const file = path.join(folder, `format-${from}.db`);
  await fixture(file, from);
  const database = readFileSync(file);
  const db = openForWriting(file, 1_000_000);
  await migrate(db, librarySteps.slice(0, from + 1), noBackUp);
  const log = readFileSync(`${file}-wal`);
  // Nothing of the step is in the file itself before the log is brought over, long after its end.
  expect(readFileSync(file).equals(database)).toBe(true);
  db.close();
  return { from, database, log };
}

function put(file: string, { database, log }: StepOnDisk, logBytes: number): void {
  rmSync(`${file}-shm`, { force: true });
  writeFileSync(file, database);
  writeFileSync(`${file}-wal`, log.subarray(0, logBytes));
}

/** Killed inside a step, a library is as before it; opened again, it becomes what a new one is. */
async function expectWhole(file: string, from: number, schema: unknown): Promise<void> {
  const left = inspect(file);
  expect(left).toMatchObject({ version: librarySteps[from - 1]?.version, check: 'ok' });
  await finish(file);
  expect(inspect(file)).toEqual({
    version: librarySteps.at(-1)?.version,
    schema,
    check: 'ok',
    folders: ['/pictures'],
    words: from > 1 ? ['my words'] : [],
  });
}

/**
 * A step is one transaction, all of whose writing is to the end of the log, in order: a kill leaves a beginning of what it writes. So each step runs once
 * for real, and every kill is a beginning of its log, from nothing to all but its last byte, beside the database as it was. That the program's own end leaves
 * nothing else is shown by processes that are killed (SIGKILL) between the statements of every step.
 */
describe('promise 7: migrations are atomic and repeatable', () => {
  const steps = Array.from({ length: librarySteps.length - 1 }, (_, index) => index + 1);

  it(`${killsPerStep} kills in each of ${steps.length} steps`, { timeout: 300_000 }, async () => {
    const folder = memoryFolder();
    const fresh = path.join(folder, 'fresh.db');
    await fixture(fresh, librarySteps.length);
    const { schema } = inspect(fresh);
    const file = path.join(folder, 'killed.db');
    let kills = 0;
    for (const from of steps) {
      const step = await stepOnDisk(folder, from);
      for (let kill = 0; kill < killsPerStep; kill++) {
        put(file, step, Math.floor((kill * (step.log.length - 1)) / (killsPerStep - 1)));
        await expectWhole(file, from, schema);
        kills++;
      }
      put(file, step, step.log.length);
      expect(inspect(file).version).toBe(librarySteps[from]?.version);
    }
    reached(
      7,
      `${kills} kills, ${killsPerStep} in each of ${steps.length} steps: none half done, all brought to the same schema`,
    );
  });

  it(`${processKills} processes killed inside each step`, { timeout: 600_000 }, async () => {
    const folder = memoryFolder();
    const fresh = path.join(folder, 'fresh.db');
    await fixture(fresh, librarySteps.length);
    const { schema } = inspect(fresh);
    async function killIn(from: number, kill: number): Promise<void> {
      const file = path.join(folder, `killed-${from}-${kill}.db`);
      await fixture(file, from);
      const statements = librarySteps[from]?.sql.match(/;\s*$/gm)?.length ?? 1;
      expect(await run(file, 1 + Math.floor((kill * statements) / (2 * processKills)))).toBe('killed inside');
      await expectWhole(file, from, schema);
    }
    // Few at once: each is a process.
    for (let at = 0; at < steps.length; at += 4)
      await Promise.all(steps.slice(at, at + 4).flatMap((from) => killsOf.map((kill) => killIn(from, kill))));
    reached(7, `${steps.length * processKills} processes killed inside the steps`);
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
