// Loaded before the program in each of its processes and threads: notes the settings of every SQLite connection at its first statement.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';

const Database = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
const output = process.env['PHOTOSEEK_TEST_CONNECTIONS'] ?? '';
const seen = new WeakSet<object>();
const { prepare } = Database.prototype;

Database.prototype.prepare = function (this: BetterSqlite3.Database, source: string) {
  // The opener asks for SQLite's version before it has made the settings.
  if (!seen.has(this) && source !== 'SELECT sqlite_version()') {
    seen.add(this);
    const setting = (name: string): unknown => this.pragma(name, { simple: true });
    const line = {
      file: path.basename(this.name),
      pid: process.pid,
      readonly: this.readonly,
      synchronous: setting('synchronous'),
      journal: setting('journal_mode'),
      foreignKeys: setting('foreign_keys'),
      trustedSchema: setting('trusted_schema'),
    };
    appendFileSync(output, `${JSON.stringify(line)}\n`);
  }
  return prepare.call(this, source);
} as typeof prepare;
