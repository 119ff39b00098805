// Child of row-02-power-cut.test.ts: rebuilds states that a disk may be left in from recorded system calls, opens each, and prints as JSON what it found.
import { join } from 'node:path';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';
import { librarySteps } from '../../../main/store/migrations/steps.ts';
import { openForWriting } from '../../../main/store/open-database.ts';
import { callsIn, cutOften, writeState } from '../../helpers/power-cut.ts';
import { shortfalls, shortfallsIn } from '../../helpers/store-work.ts';

/** What one of these processes found. */
export interface Looked {
  readonly states: number;
  /** Acknowledged facts that were looked for, over all states. */
  readonly facts: number;
  readonly calls: number;
  /** How often the log was begun again from its start. */
  readonly reused: number;
  readonly found: readonly string[];
}

const latest = librarySteps.at(-1)?.version ?? 0;

/** Every eighth state is opened as the program does; all of them by SQLite's own recovery. */
async function shortfallsOf(folder: string, acknowledged: readonly string[], wholeProgram: boolean): Promise<string[]> {
  try {
    if (wholeProgram) {
      const { db, mode, close } = await openLibrary({ folder, mode: 'write', now: 1 });
      const { photos } = await db.revision();
      await close();
      return [
        ...(mode === 'owner' ? [] : [mode]),
        ...(photos < 0 ? ['no photos'] : []),
        ...shortfallsIn(folder, acknowledged),
      ];
    }
    const db = openForWriting(join(folder, 'library.db'), latest);
    try {
      if (db.pragma('user_version', { simple: true }) === latest) return shortfalls(db, acknowledged);
      return acknowledged.map((fact) => `lost: ${fact}`);
    } finally {
      db.close();
    }
  } catch (error) {
    return [String(error)];
  }
}

const [, , library = '', place = '', count = '0', seed = '1', ...records] = process.argv;
const calls = records.flatMap((record) => callsIn(record, library));
const found: string[] = [];
let states = 0;
let facts = 0;
await cutOften(calls, Number(count), Number(seed), async (state, acknowledged, random) => {
  writeState(state, place, random);
  const lost = await shortfallsOf(place, acknowledged, states % 8 === 0);
  found.push(...lost.slice(0, 3).map((shortfall) => `seed ${seed}, state ${states}: ${shortfall}`));
  facts += acknowledged.length;
  states++;
});
const reused = calls.filter(
  (call) => call.kind === 'write' && call.path.endsWith('library.db-wal') && call.offset === 0,
).length;
process.stdout.write(`${JSON.stringify({ states, facts, calls: calls.length, reused, found } satisfies Looked)}\n`);
