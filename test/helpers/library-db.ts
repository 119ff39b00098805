// Libraries for tests: in temporary folders, filled with made-up photos. Test processes.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { PhotoFacts, ScannedFile } from '../../main/library-db/library-rows.ts';
import { type OpenLibrary, openLibrary } from '../../main/library-db/store-library-db.ts';
import { factsOf } from './photo-facts.ts';
import { imageModel, resultOf, unitVector, wanted } from './photo-results.ts';

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'photoseek-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A place in memory where the system has one. */
export const memoryRoot = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The same in memory where the system has such a place: for loops of many rounds that are not about the disk. */
export function memoryFolder(): string {
  const folder = mkdtempSync(path.join(memoryRoot, 'photoseek-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A library in a folder of its own, closed when the test ends. */
export async function temporaryLibrary(folder = temporaryFolder()): Promise<OpenLibrary & { folder: string }> {
  const library = await openLibrary({ folder, mode: 'write', now: 1_000, random: () => 0 });
  onTestFinished(() => library.close());
  return { ...library, folder };
}

export { factsOf, imageModel, resultOf, unitVector, wanted };

export function fileNamed(relPath: string, file: Partial<ScannedFile> = {}): ScannedFile {
  return { relPath, sizeBytes: 10, mtimeMs: 1_000.25, inode: `1:${relPath}`, ...file };
}

/** Scans the folder as holding exactly these files. */
export async function scan(db: LibraryDb, folderId: number, files: readonly ScannedFile[], now = 2_000) {
  const { scanId } = await db.beginScan({ folderId });
  const counts = await db.applyScan({ folderId, scanId, files, now });
  const { missing } = await db.finishScan({ folderId, scanId, unreadable: [], now });
  return { ...counts, missing };
}

/** Identifies all files to be identified; `contentOf` gives a file's bytes by its path, its facts being those of `factsOf` where it gives no others. */
export async function identifyAll(
  db: LibraryDb,
  contentOf: (filePath: string) => string | PhotoFacts = (filePath) => filePath,
  /** Later than the files' times, which prove nothing otherwise. */
  claimedAt = 1e9,
) {
  const claimed = await db.claimFiles({ limit: 100_000, now: claimedAt });
  const files = claimed.map(({ fileId, path: filePath, sizeBytes, mtimeMs }) => {
    const content = contentOf(filePath);
    return { fileId, sizeBytes, mtimeMs, facts: typeof content === 'string' ? factsOf(content) : content };
  });
  return db.identifyFiles({ files, now: 3_000 });
}

/** A library with one folder of `names`, identified but for nothing else; each file's content is its path. */
export async function libraryOf(names: readonly string[]) {
  const library = await temporaryLibrary();
  const { folder } = await library.db.registerFolder({ path: '/pictures/Holiday', now: 1_000 });
  await scan(
    library.db,
    folder.id,
    names.map((name) => fileNamed(name)),
  );
  const identified = await identifyAll(library.db);
  return { ...library, folderId: folder.id, photoIds: identified.map((file) => file.photoId) };
}
