// Checksums of rows: kept with every change, and compared when a library is checked. Library thread, and the thread that checks backups.
import { crc32 } from 'node:zlib';
import { type ReadDb, schemaVersion, type WriteDb, writing } from './open-database.ts';
import { isOfFullDisk } from './store-error.ts';

/** A row that is not what was written, is there though it was not written, or is gone. `key` is its primary key; parts of a compound one with `/` between. */
export interface RowDamage {
  readonly table: string;
  readonly key: string | number;
  readonly what: 'changed' | 'unknown' | 'lost';
}

/** The sums' own tables have none: a wrong sum shows by itself. */
const ownTables = new Set(['row_sums', 'row_sum_sources', 'row_sum_state']);

/** Columns without a part in the sum: counters that change with nearly every row of other tables, and the vector, which has a checksum of its own beside it. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  files: ['scan_id'],
  library: ['revision', 'last_scan', 'in_use', 'closed_at'],
  vectors: ['data'],
};

interface SummedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The primary key as one value; `of` names the row. */
  key(of: string): string;
  /** True where two rows have the same primary key, in the form that finds one of them by its index: a key made into one value would read the whole table. */
  isSameRow(one: string, other: string): string;
  /** The same for the row of one key, whose parts are bound. */
  isRow(of: string): string;
  partsOf(key: string | number): (string | number)[];
}

/** Makes `row_sum(...)` known to a connection: CRC-32 over all values with their kinds. */
export function knowRowSum(db: ReadDb): void {
  db.function('row_sum', { varargs: true, deterministic: true }, (...values: unknown[]) => rowSum(values));
}

function rowSum(values: readonly unknown[]): number {
  let text = '';
  let sum = 0;
  for (const value of values) {
    if (typeof value === 'string') text += `t${value.length}:${value}`;
    else if (value instanceof Uint8Array) {
      sum = crc32(value, sum);
      text += `b${value.length};`;
    } else text += `${String(value)};`;
  }
  return crc32(text, sum);
}

/**
 * Keeps the sums of this connection's changes from here on; where a schema step has run since they were taken, they are all taken anew first. The
 * triggers are temporary, so that the library has no function in its schema that other programs do not know.
 */
export function keepRowSums(db: WriteDb): void {
  knowRowSum(db);
  const tables = summedTables(db);
  if (sealedVersion(db) !== schemaVersion(db)) takeAll(db, tables);
  const sources = sourcesOf(db);
  for (const table of tables) db.exec(triggersOf(table, sources.get(table.name) ?? 0));
}

/** Takes one row's sum as it is now, for what a repair wrote or accepts. */
export function acceptRow(db: WriteDb, { table, key }: RowDamage): void {
  const summed = summedTables(db).find(({ name }) => name === table);
  const source = sourcesOf(db).get(table);
  if (!summed || source === undefined) return;
  db.prepare('DELETE FROM row_sums WHERE source = ? AND key = ?').run(source, key);
  db.prepare(`${insertSum(summed, source)} WHERE ${summed.isRow(summed.name)}`).run(...summed.partsOf(key));
}

/** How one row of a table is found by its key: a condition, and what is bound to it. */
export function rowAt(db: ReadDb, { table, key }: RowDamage): { condition: string; values: (string | number)[] } {
  const summed = summedTable(db, table);
  return { condition: summed.isRow(table), values: summed.partsOf(key) };
}

/** False where a schema step ran after the sums were taken, or there are none yet: nothing can be said by them. */
export function hasRowSums(db: ReadDb): boolean {
  return sealedVersion(db) === schemaVersion(db);
}

/** Compares every row with its sum; at most `limit` damaged rows of each table are named. The connection knows `row_sum`. */
export function damagedRows(db: ReadDb, limit: number): RowDamage[] {
  const sources = sourcesOf(db);
  return summedTables(db).flatMap((table) => {
    const source = sources.get(table.name);
    return source === undefined ? [] : damagedOf(db, table, source, limit);
  });
}

/** True where the row is there and has its sum. */
export function isSoundRow(db: ReadDb, table: string, key: string | number): boolean {
  const summed = summedTables(db).find(({ name }) => name === table);
  const source = sourcesOf(db).get(table);
  if (!summed || source === undefined) return false;
  const found = db
    .prepare(
      `SELECT 1 FROM ${summed.name} t JOIN row_sums s ON s.source = ? AND s.key = ${summed.key('t')}
       WHERE ${summed.isRow('t')} AND s.sum = row_sum(${list(summed, 't')})`,
    )
    .pluck()
    .get(source, ...summed.partsOf(key));
  return found === 1;
}

/**
 * The rows of a table that have their sum, as far as they can be read; those of a library from before there were sums as they are. `isWhole` is false where
 * some cannot be read, have another sum, or have none to be proven by.
 * @param columns to read, of `t`
 * @param isWanted tells the rows that are given out; all of them are looked at
 */
export function soundRows<Row>(
  db: ReadDb,
  table: string,
  columns: string,
  isWanted: (row: Row) => boolean = () => true,
): { rows: Row[]; isWhole: boolean } {
  const rows: Row[] = [];
  let sound = 0;
  const take = (row: Row): void => {
    sound++;
    if (isWanted(row)) rows.push(row);
  };
  try {
    if (!hasRowSums(db)) {
      for (const row of db.prepare<[], Row>(`SELECT ${columns} FROM ${table} t`).iterate()) take(row);
      return { rows, isWhole: false };
    }
    const summed = summedTables(db).find(({ name }) => name === table);
    const source = sourcesOf(db).get(table);
    if (!summed || source === undefined) return { rows, isWhole: false };
    const found = db
      .prepare<[number], Row>(
        `SELECT ${columns} FROM ${table} t JOIN row_sums s ON s.source = ? AND s.key = ${summed.key('t')}
         WHERE s.sum = row_sum(${list(summed, 't')})`,
      )
      .iterate(source);
    for (const row of found) take(row);
    return { rows, isWhole: sound === count(db, `SELECT count(*) FROM row_sums WHERE source = ${source}`) };
  } catch (error) {
    if (isOfFullDisk(error, db.name)) throw error;
    // A page that cannot be read: what came before it is all there is.
    return { rows, isWhole: false };
  }
}

function damagedOf(db: ReadDb, table: SummedTable, source: number, limit: number): RowDamage[] {
  const { name } = table;
  const wrong = db
    .prepare<[number, number], { key: string | number; known: number }>(
      `SELECT ${table.key('t')} AS key, s.sum IS NOT NULL AS known
       FROM ${name} t LEFT JOIN row_sums s ON s.source = ? AND s.key = ${table.key('t')}
       WHERE s.sum IS NOT row_sum(${list(table, 't')}) LIMIT ?`,
    )
    .all(source, limit)
    .map(({ key, known }): RowDamage => ({ table: name, key, what: known === 1 ? 'changed' : 'unknown' }));
  // The keys are looked for only where the numbers say that there is something to find.
  const rows = count(db, `SELECT count(*) FROM ${name} NOT INDEXED`);
  const sums = count(db, `SELECT count(*) FROM row_sums WHERE source = ${source}`);
  if (rows === sums && wrong.every(({ what }) => what === 'changed')) return wrong;
  const lost = db
    .prepare<[number, number], string | number>(
      `SELECT key FROM row_sums WHERE source = ? AND key NOT IN (SELECT ${table.key('t')} FROM ${name} t NOT INDEXED) LIMIT ?`,
    )
    .pluck()
    .all(source, limit)
    .map((key): RowDamage => ({ table: name, key, what: 'lost' }));
  return [...wrong, ...lost];
}

function count(db: ReadDb, sql: string): number {
  return Number(db.prepare(sql).pluck().get());
}

function sealedVersion(db: ReadDb): number | undefined {
  const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'row_sum_state'").get() !== undefined;
  return isThere ? db.prepare<[], number>('SELECT version FROM row_sum_state').pluck().get() : undefined;
}

function takeAll(db: WriteDb, tables: readonly SummedTable[]): void {
  writing(db, () => {
    db.exec('DELETE FROM row_sums');
    const insert = db.prepare('INSERT INTO row_sum_sources (name) VALUES (?) ON CONFLICT (name) DO NOTHING');
    for (const { name } of tables) insert.run(name);
    const sources = sourcesOf(db);
    for (const table of tables) db.exec(insertSum(table, sources.get(table.name) ?? 0));
    db.prepare('INSERT OR REPLACE INTO row_sum_state (id, version) VALUES (1, ?)').run(schemaVersion(db));
  });
}

/** Ready for a condition on the row. */
function insertSum(table: SummedTable, source: number): string {
  const { name } = table;
  return `INSERT INTO row_sums (source, key, sum) SELECT ${source}, ${table.key(name)}, row_sum(${list(table, name)}) FROM ${name}`;
}

/** The row is read again instead of taken from the trigger: where another trigger changed it meanwhile, the sum is of what is stored. */
function triggersOf(table: SummedTable, source: number): string {
  const { name, columns } = table;
  const forget = `DELETE FROM row_sums WHERE source = ${source} AND key = ${table.key('OLD')};`;
  // Not OR REPLACE: the statement that fired the trigger would put its own way with conflicts in its place.
  const take = `${insertSum(table, source)} WHERE ${table.isSameRow(name, 'NEW')}
    ON CONFLICT (source, key) DO UPDATE SET sum = excluded.sum;`;
  return `
    CREATE TEMP TRIGGER sum_added_${name} AFTER INSERT ON main.${name} BEGIN ${take} END;
    CREATE TEMP TRIGGER sum_changed_${name} AFTER UPDATE OF ${columns.join(', ')} ON main.${name} BEGIN ${take} END;
    CREATE TEMP TRIGGER sum_moved_${name} AFTER UPDATE ON main.${name} WHEN ${table.key('OLD')} IS NOT ${table.key('NEW')} BEGIN ${forget} END;
    CREATE TEMP TRIGGER sum_removed_${name} AFTER DELETE ON main.${name} BEGIN ${forget} END;`;
}

function list({ columns }: SummedTable, of: string): string {
  return columns.map((column) => `${of}.${column}`).join(', ');
}

function sourcesOf(db: ReadDb): Map<string, number> {
  const rows = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM row_sum_sources').all();
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** Every table but the sums' own, SQLite's, and those that keep the full-text index, which checks itself (all but the positions in its indexes of beginnings). */
function summedTables(db: ReadDb): SummedTable[] {
  const names = db
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 1")
    .pluck()
    .all();
  return names.filter((name) => !ownTables.has(name)).map((name) => summedTable(db, name));
}

function summedTable(db: ReadDb, name: string): SummedTable {
  const columns = db
    .prepare<[string], { name: string; type: string; pk: number }>(
      'SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid',
    )
    .all(name);
  const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const omitted = leftOut[name] ?? [];
  return {
    name,
    columns: columns.map((column) => column.name).filter((column) => !omitted.includes(column)),
    // The plus takes the column's type away: compared with a key of any kind, the key's own index is used.
    key: (of) =>
      keys.length === 1 ? `+${of}.${keys[0]?.name}` : keys.map((key) => `${of}.${key.name}`).join(" || '/' || "),
    isRow: (of) => keys.map((key) => `${of}.${key.name} = ?`).join(' AND '),
    partsOf(key) {
      if (keys.length === 1) return [key];
      const parts = String(key).split('/');
      // Only the last part can hold a stroke of its own.
      return [...parts.slice(0, keys.length - 1), parts.slice(keys.length - 1).join('/')];
    },
    isSameRow: (one, other) => keys.map((key) => `${one}.${key.name} = ${other}.${key.name}`).join(' AND '),
  };
}
