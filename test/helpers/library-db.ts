// Libraries for tests: in temporary folders, filled with made-up photos. Test processes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  LibraryDb,
  PhotoFacts,
  PhotoResult,
  ScannedFile,
  StageVersion,
} from '../../main/library-db/library-db.ts';
import { type OpenLibrary, openLibrary } from '../../main/library-db/store-library-db.ts';
import { factsOf } from './photo-facts.ts';

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'photoseek-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A library in a folder of its own, closed when the test ends. */
export async function temporaryLibrary(folder = temporaryFolder()): Promise<OpenLibrary & { folder: string }> {
  const library = await openLibrary({ folder, mode: 'write', now: 1_000, random: () => 0 });
  onTestFinished(() => library.close());
  return { ...library, folder };
}

export { factsOf };

/** The wanted stages most tests use. */
export const wanted: readonly StageVersion[] = [
  { stage: 'look', version: 'pack@1/look' },
  { stage: 'caption', version: 'pack@1/caption' },
  { stage: 'own', version: 'pack@1/own' },
];

export const imageModel = 'pack@1/image';

export function fileNamed(relPath: string, file: Partial<ScannedFile> = {}): ScannedFile {
  return { relPath, sizeBytes: 10, mtimeMs: 1_000.25, inode: '1:1', ...file };
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
) {
  const claimed = await db.claimFiles({ limit: 100_000, now: 3_000 });
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

/** A unit vector that leans towards one axis. */
export function unitVector(axis: number, dim = 8): Float32Array {
  const vector = new Float32Array(dim).fill(0.1);
  vector[axis % dim] = 1;
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

/** A finished `look`, with a caption where one is given. */
export function resultOf(photoId: number, caption?: string): PhotoResult {
  return {
    photoId,
    done: caption === undefined ? wanted.slice(0, 1) : wanted.slice(0, 2),
    vectors: [{ kind: 'image', modelId: imageModel, data: unitVector(photoId) }],
    thumbnail: { bytes: Buffer.from(`thumbnail ${photoId}`), width: 4, height: 3, format: 'webp' },
    ...(caption === undefined ? {} : { captions: { model: 'captioner', texts: [caption] } }),
  };
}
