// Child of the tests of faults: works on a library in a folder, and prints a line for each write once it is acknowledged. Killed, or given faults, from outside.
import { writeSync } from 'node:fs';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';
import { work } from '../../helpers/store-work.ts';

const [, , folder = '', rounds = '1', files = '8'] = process.argv;

/** One line, one write: what is not printed whole was not said. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const refusedAs = (error: unknown): string => String((error as { code?: unknown }).code);

try {
  const library = await openLibrary({ folder, mode: 'write', now: 1 });
  say(library.mode);
  await work({
    db: library.db,
    files: Number(files),
    rounds: Number(rounds),
    onDone: (facts) => {
      for (const fact of facts) say(`done ${fact}`);
    },
    onRefused: (facts, error) => say(`refused ${refusedAs(error)} ${facts.join(', ')}`),
  });
  await library.close();
  say('closed');
} catch (error) {
  say(`failed ${refusedAs(error)}`);
}
