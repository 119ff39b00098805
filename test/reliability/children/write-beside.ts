// Child of row-12-two-writers.test.ts: reads and writes in transactions beside another process, and says as JSON what went wrong.
import { openForWriting, writing } from '../../../main/store/open-database.ts';

/** How far it may get ahead: without an end to it the first to start could be done before the other begins. */
const lead = 250;

const [, , file = '', name = '', count = '0'] = process.argv;
const db = openForWriting(file, 0);
const read = db.prepare<[], number>('SELECT value FROM counter').pluck();
const raise = db.prepare('UPDATE counter SET value = ?');
const insert = db.prepare('INSERT INTO entries (writer, number, counted) VALUES (?, ?, ?)');
const errors: string[] = [];

/** Entries of the other writer: what is counted and not ours. */
const others = (own: number): number => (read.get() ?? 0) - own;

for (let number = 0; number < Number(count); number++) {
  try {
    while (others(number) < number - lead);
    writing(db, () => {
      // Read, then write what follows from it: lost where both could read the same.
      const next = (read.get() ?? 0) + 1;
      raise.run(next);
      insert.run(name, number, next);
    });
  } catch (error) {
    errors.push(String((error as { code?: unknown }).code ?? error));
  }
}
db.close();
process.stdout.write(`${JSON.stringify(errors)}\n`);
