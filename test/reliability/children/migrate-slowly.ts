// Child of row 7: brings a library to the newest format and tells each step before it runs and before it commits, waiting a moment there to be killed.
import { writeSync } from 'node:fs';
import { migrate } from '../../../main/store/migrate.ts';
import { librarySteps } from '../../../main/store/migrations/steps.ts';
import { openForWriting } from '../../../main/store/open-database.ts';

const [, , file = '', lettersText = '0'] = process.argv;
const db = openForWriting(file, 1_000_000);
/** Dies inside the step that `exec` is given, after so many of its statements. */
const dieAt = Number(lettersText);
let ran = 0;
const exec = db.exec.bind(db);
db.exec = (sql) => {
  for (const statement of statementsOf(sql)) {
    exec(statement);
    if (++ran === dieAt) {
      writeSync(1, 'killed inside');
      process.kill(process.pid, 'SIGKILL');
    }
  }
  return db;
};
await migrate(db, librarySteps, async () => undefined);
writeSync(1, `done ${ran}`);
db.close();

/** Triggers hold statements of their own: one ends at an END. */
function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let current = '';
  for (const piece of sql.split(/(?<=;)/)) {
    current += piece;
    const isTrigger = /^\s*CREATE\s+(TEMP\s+)?TRIGGER/i.test(current);
    if (isTrigger ? /\bEND;\s*$/i.test(current) : /;\s*$/.test(current)) {
      statements.push(current);
      current = '';
    }
  }
  if (current.trim() !== '') statements.push(current);
  return statements;
}
