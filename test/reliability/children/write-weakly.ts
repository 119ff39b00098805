// Child of row-02-power-cut.test.ts: writes rows under a setting that does not survive power cuts, to show that the test would see it.
import { mkdirSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openForWriting, writing } from '../../../main/store/open-database.ts';

const [, , file = '', synchronous = ''] = process.argv;
mkdirSync(path.dirname(file));
const db = openForWriting(file, 0);
writing(db, () => db.exec('CREATE TABLE t (a TEXT) STRICT'));
db.pragma(`synchronous = ${synchronous}`);
const insert = db.prepare('INSERT INTO t VALUES (?)');
for (let row = 0; row < 60; row++) {
  writing(db, () => insert.run(`row ${row} ${'x'.repeat(3_000)}`));
  writeSync(1, `done row ${row}\n`);
  if (row % 25 === 24) db.pragma('wal_checkpoint(PASSIVE)');
}
db.close();
