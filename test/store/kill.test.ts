// What was acknowledged survives the end of the process at any moment, and what was in hand is done again, once.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { openForReading } from '../../main/store/open-database.ts';
import { temporaryFolder, wanted } from '../helpers/library-db.ts';

const kills = 50;

/** The child at work: `onOutput` hears each thing it prints, and whether it was the first. @returns all of it, when the child has ended. */
async function atWork(folder: string, onOutput: (child: ChildProcess, isFirst: boolean) => void): Promise<string> {
  const entry = fileURLToPath(new URL('children/acknowledge.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    onOutput(child, output === '');
    output += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return output;
}

/** How long the child works for its first five acknowledgements on this machine, as busy as it is now; milliseconds. */
async function fiveRoundsMs(folder: string): Promise<number> {
  let startedAt = 0;
  let heard = 0;
  await atWork(folder, (child, isFirst) => {
    if (isFirst) startedAt = performance.now();
    heard += 1;
    if (heard > 10) child.kill('SIGKILL');
  });
  return performance.now() - startedAt;
}

/** What the child acknowledged before it was killed, `afterMs` after it began to work. */
async function killedAfter(folder: string, afterMs: number): Promise<string[]> {
  const output = await atWork(folder, (child, isFirst) => {
    if (isFirst) setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  // A line without its end was being written: it may be of a photo that is another one's beginning.
  return output.split('\n').slice(1, -1);
}

it(`loses nothing acknowledged in ${kills} kills, and does nothing twice`, { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const acknowledged = new Set<string>();
  // Spread evenly over some rounds of work, however long they take here: every statement has its turn.
  const spreadMs = await fiveRoundsMs(temporaryFolder());
  for (let kill = 0; kill < kills; kill++) {
    for (const line of await killedAfter(folder, (((kill * 7) % 60) / 60) * spreadMs)) acknowledged.add(line);
  }
  const db = openForReading(path.join(folder, 'library.db'));
  const captions = db.prepare<[], [number, string]>('SELECT photo_id, text FROM generated_captions').raw().all();
  const own = db.prepare<[], [number, string]>('SELECT photo_id, text FROM own_captions').raw().all();
  const doubled = db.prepare('SELECT rel_path FROM files GROUP BY rel_path HAVING count(*) > 1').all();
  const halfDone = db
    .prepare(
      `SELECT j.photo_id FROM jobs j WHERE j.stage = 'look' AND j.state = 'done'
         AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.photo_id = j.photo_id)
       UNION ALL SELECT v.photo_id FROM vectors v JOIN jobs j ON j.photo_id = v.photo_id AND j.stage = 'look' WHERE j.state <> 'done'`,
    )
    .all();
  const log = db
    .prepare('SELECT count(*) FROM vectors v LEFT JOIN vec_log l USING (photo_id, space_id) WHERE l.seq IS NULL')
    .pluck();
  const unlogged = log.get();
  const check = db.pragma('integrity_check', { simple: true });
  db.close();
  const stored = new Set([...captions.map(([id]) => `${id}`), ...own.map(([id]) => `own ${id}`)]);
  expect(acknowledged.size).toBeGreaterThan(kills);
  expect([...acknowledged].filter((line) => !stored.has(line))).toEqual([]);
  expect(captions.filter(([id, text]) => text !== `caption ${id}`)).toEqual([]);
  expect(own.filter(([id, text]) => text !== `own ${id}`)).toEqual([]);
  expect({ doubled, halfDone, unlogged, check }).toEqual({ doubled: [], halfDone: [], unlogged: 0, check: 'ok' });

  const library = await openLibrary({ folder, mode: 'write', now: 1 });
  await library.db.releaseClaims({ now: 1 });
  const left = await library.db.claimPhotos({ wanted: wanted.slice(0, 2), together: true, limit: 1_000, now: 1 });
  await library.close();
  const doneAgain = left.filter(({ photoId }) => acknowledged.has(`${photoId}`));
  expect(doneAgain).toEqual([]);
});
