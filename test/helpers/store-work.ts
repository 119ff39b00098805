// Made-up work on a real library, one acknowledged write after the other, and what must be true of the library for each that was acknowledged. Test processes.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import { openForReading, type ReadDb } from '../../main/store/open-database.ts';
import { factsOf } from './photo-facts.ts';
import { resultOf, wanted } from './photo-results.ts';

export interface WorkInput {
  readonly db: LibraryDb;
  /** Files of one round. */
  readonly files: number;
  readonly rounds: number;
  /** Told of each write when the library has acknowledged it. */
  onDone(facts: readonly string[]): void;
  /** Told of each write that the library refused; without it the first one ends the work. */
  onRefused?(facts: readonly string[], error: unknown): void;
}

/** One write that makes these facts true; its result, or null where it was refused. */
type Write = <T>(facts: readonly string[], run: () => Promise<T>) => Promise<T | null>;

/**
 * Scans, identifies, completes, captions and marks new files, each a write of its own. A fact names what a write did: `file`, `photo`, `caption`,
 * `own` and `star` with the photo's name or number, `edit` with the number of the newest words of the first photo.
 */
export async function work({ db, files, rounds, onDone, onRefused }: WorkInput): Promise<void> {
  const write: Write = async (facts, run) => {
    try {
      const result = await run();
      onDone(facts);
      return result;
    } catch (error) {
      if (!onRefused) throw error;
      onRefused(facts, error);
      return null;
    }
  };
  await write([], () => db.releaseClaims({ now: 1 }));
  const registered = await write(['folder /pictures'], () => db.registerFolder({ path: '/pictures', now: 1 }));
  const folderId = registered?.folder.id ?? 1;
  for (let round = 0; round < rounds; round++) await workOneRound(db, folderId, files, write);
}

async function workOneRound(db: LibraryDb, folderId: number, limit: number, write: Write): Promise<void> {
  const scan = await write([], () => db.beginScan({ folderId }));
  if (!scan) return;
  const { scanId } = scan;
  const names = Array.from({ length: limit }, (_, n) => `${scanId}-${n}.jpg`);
  const files = names.map((relPath) => ({ relPath, sizeBytes: 1, mtimeMs: 1, inode: '' }));
  await write(
    names.map((name) => `file ${name}`),
    () => db.applyScan({ folderId, scanId, files, now: 1 }),
  );
  const claimed = (await write([], () => db.claimFiles({ limit, now: 1 }))) ?? [];
  const identified = claimed.map((file) => ({ ...file, facts: factsOf(file.path) }));
  await write(
    identified.map((file) => `photo ${path.basename(file.path)}`),
    () => db.identifyFiles({ files: identified, now: 1 }),
  );
  const photos = (await write([], () => db.claimPhotos({ wanted, together: true, limit, now: 1 }))) ?? [];
  const ids = photos.map(({ photoId }) => photoId);
  await write(
    ids.map((id) => `caption ${id}`),
    () => db.completePhotos({ results: ids.map((id) => resultOf(id, `caption ${id}`)), now: 1 }),
  );
  await editByHand(db, ids, scanId, write);
}

async function editByHand(db: LibraryDb, ids: readonly number[], edit: number, write: Write): Promise<void> {
  // The first photo is edited again and again, any other once.
  const own = ids.find((id) => id > 1);
  if (own === undefined) return;
  await write([`own ${own}`], () => db.setOwnCaptions({ photoId: own, texts: [`own ${own}`], now: 1 }));
  await write([`edit ${edit}`], () => db.setOwnCaptions({ photoId: 1, texts: [`edit ${edit}`], now: 1 }));
  const photoIds = ids.slice(0, 2);
  await write(
    photoIds.map((id) => `star ${id}`),
    () => db.setFavourite({ photoIds, favourite: true, now: 1 }),
  );
}

/** The facts that the lines of a child (`children/work.ts`) say are done. */
export function doneIn(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('done ')).map((line) => line.slice('done '.length));
}

/** What a library says of the same facts: every fact of `work` that is true of it. */
export function factsIn(db: ReadDb): Set<string> {
  const column = (sql: string): string[] => db.prepare<[], string>(sql).pluck().all();
  return new Set([
    ...column(`SELECT 'folder ' || path FROM folders`),
    ...column(`SELECT 'file ' || rel_path FROM files`),
    ...column(`SELECT 'photo ' || rel_path FROM files WHERE photo_id IS NOT NULL`),
    ...column(
      `SELECT c.text FROM generated_captions c WHERE c.text = 'caption ' || c.photo_id
         AND EXISTS (SELECT 1 FROM vectors v WHERE v.photo_id = c.photo_id)
         AND EXISTS (SELECT 1 FROM documents d WHERE d.photo_id = c.photo_id AND d.generated LIKE c.text || '%')
         AND (SELECT count(*) FROM jobs j WHERE j.photo_id = c.photo_id AND j.state = 'done' AND j.stage IN ('look', 'caption')) = 2`,
    ),
    ...column(`SELECT text FROM own_captions`),
    ...column(`SELECT 'star ' || photo_id FROM favourites`),
  ]);
}

/**
 * Where a library falls short of what was acknowledged: facts that are not there, and rows that do not belong together. Empty for a sound one.
 * @param library its `library.db`
 */
export function shortfalls(library: ReadDb, acknowledged: Iterable<string>): string[] {
  const verdict = library.pragma('integrity_check', { simple: true });
  if (verdict !== 'ok') return [`integrity_check: ${verdict}`];
  const rows = (sql: string): string[] => library.prepare<[], string>(sql).pluck().all();
  return [
    ...missingFacts(factsIn(library), acknowledged),
    ...(library.pragma('foreign_key_check') as unknown[]).map((row) => `foreign key: ${JSON.stringify(row)}`),
    ...rows(`SELECT 'twice: ' || rel_path FROM files GROUP BY rel_path HAVING count(*) > 1`),
    ...rows(
      `SELECT 'of another photo: ' || photo_id || ' ' || text FROM generated_captions WHERE text <> 'caption ' || photo_id
       UNION ALL SELECT 'of another photo: ' || photo_id || ' ' || text FROM own_captions
         WHERE photo_id > 1 AND text <> 'own ' || photo_id`,
    ),
    ...rows(
      `SELECT 'half done: ' || j.photo_id FROM jobs j WHERE j.stage = 'look' AND j.state = 'done'
         AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.photo_id = j.photo_id)
       UNION ALL SELECT 'half done: ' || v.photo_id FROM vectors v JOIN jobs j ON j.photo_id = v.photo_id
         AND j.stage = 'look' WHERE j.state <> 'done'
       UNION ALL SELECT 'not in the log: ' || v.photo_id FROM vectors v
         LEFT JOIN vec_log l USING (photo_id, space_id) WHERE l.seq IS NULL
       UNION ALL SELECT 'not shown: ' || p.id FROM photos p
         WHERE p.present_files > 0 AND NOT EXISTS (SELECT 1 FROM gallery g WHERE g.photo_id = p.id)`,
    ),
    ...damagedVectors(library),
  ];
}

function missingFacts(stored: Set<string>, acknowledged: Iterable<string>): string[] {
  const isEdit = (fact: string): boolean => fact.startsWith('edit ');
  const edit = Math.max(0, ...[...stored].filter(isEdit).map((fact) => Number(fact.slice(5))));
  // Words that were written over by later ones are not lost.
  return [...new Set(acknowledged)]
    .filter((fact) => (isEdit(fact) ? Number(fact.slice(5)) > edit : !stored.has(fact)))
    .map((fact) => `lost: ${fact}`);
}

function damagedVectors(library: ReadDb): string[] {
  return library
    .prepare<[], { photo_id: number; crc: number; data: Buffer }>('SELECT photo_id, crc, data FROM vectors')
    .all()
    .filter(({ crc, data }) => crc32(data) !== crc)
    .map((row) => `damaged vector: ${row.photo_id}`);
}

/** The same for the files of a folder, thumbnails included. Nothing was acknowledged where there is no library yet. */
export function shortfallsIn(folder: string, acknowledged: readonly string[]): string[] {
  const file = path.join(folder, 'library.db');
  if (!existsSync(file)) return acknowledged.map((fact) => `lost: ${fact}`);
  const library = openForReading(file);
  const thumbnails = openForReading(path.join(folder, 'thumbnails.db'));
  try {
    const kept = new Set(thumbnails.prepare<[], number>('SELECT photo_id FROM thumbnails').pluck().all());
    const captioned = [...factsIn(library)].filter((fact) => fact.startsWith('caption '));
    return [
      ...shortfalls(library, acknowledged),
      ...captioned.filter((fact) => !kept.has(Number(fact.slice(8)))).map((fact) => `no thumbnail: ${fact}`),
    ];
  } finally {
    library.close();
    thumbnails.close();
  }
}

/** `factsIn` the library of a folder. */
export function factsOfFolder(folder: string): Set<string> {
  const library = openForReading(path.join(folder, 'library.db'));
  try {
    return factsIn(library);
  } finally {
    library.close();
  }
}
