// The part of a library that identifies files by their bytes. Library thread.
import { writing } from '../store/open-database.ts';
import { noteEdit, settleCarries } from './carried-words.ts';
import type { LibraryDb } from './library-db.ts';
import type { Failure } from './library-rows.ts';
import { absolutePath, type OpenStore, refreshWords } from './open-store.ts';
import { newestOf, toColumns } from './photo-facts.ts';
import { poisonMessage, retryAt, strikesToPoison } from './work-state.ts';

type FileMethods = Pick<LibraryDb, 'useDecoder' | 'claimFiles' | 'identifyFiles' | 'failFiles' | 'strikeFiles'>;

export function fileMethods(store: OpenStore): FileMethods {
  const { library, fileWork } = store;
  return {
    useDecoder: async ({ version }) =>
      writing(library, () => {
        const { poisons } = store;
        const before = poisons.decoder();
        if (before !== undefined && before !== version) poisons.retryDecoding();
        if (before !== version) poisons.setDecoder(version);
        return { poisons: poisons.unread(strikesToPoison) };
      }),
    claimFiles: async ({ limit, now }) =>
      writing(library, () => {
        fileWork.wake(now);
        const claimed = fileWork.claim(limit, now);
        if (claimed.length === 0) return [];
        const pathOf = new Map(store.folders.folders().map((folder) => [folder.id, folder.path]));
        return claimed.map(({ folderId, relPath, ...file }) => ({
          ...file,
          path: absolutePath(pathOf.get(folderId) ?? '', relPath),
        }));
      }),
    identifyFiles: async ({ files, now }) =>
      writing(library, () => {
        const linked = files.flatMap((file) => identify(store, file, now) ?? []);
        settleCarries(store, now);
        return linked;
      }),
    failFiles: async ({ files, now }) =>
      writing(library, () => {
        for (const file of files) failFile(store, file.fileId, file, now);
      }),
    strikeFiles: async ({ files, now }) =>
      writing(library, () => ({
        poisoned: files.filter((file) => strikeFile(store, file, now)).map(({ fileId }) => fileId),
      })),
  };
}

function identify(
  store: OpenStore,
  file: Parameters<LibraryDb['identifyFiles']>[0]['files'][number],
  now: number,
): { fileId: number; photoId: number; known: boolean; same: boolean } | null {
  const { fileWork, photos } = store;
  const stored = fileWork.inHand(file.fileId);
  if (!stored) return null;
  // A scan saw the file change after it was claimed, be it by its times alone: these may not be its bytes any more, so it stays work to do.
  if (stored.state !== 'running') return null;
  const columns = toColumns(file.facts);
  const knownId = photos.idOf(columns.sha256);
  const newest = newestOf(file.facts, file.mtimeMs);
  if (knownId !== undefined) photos.merge(knownId, columns, newest);
  const photoId = knownId ?? photos.insert(columns, newest, now);
  fileWork.link(photoId, file);
  if (knownId === undefined) store.poisons.forgive(photoId);
  else store.fileScan.forgetPlaces(photoId, file.fileId);
  if (stored.photoId !== null && stored.photoId !== photoId)
    noteEdit(store, { fileId: file.fileId, from: stored.photoId, to: photoId, isNew: knownId === undefined });
  refreshWords(store, photoId);
  if (stored.photoId !== null && stored.photoId !== photoId) refreshWords(store, stored.photoId);
  const same = stored.photoId === photoId && !store.jobs.hasWork(photoId);
  return { fileId: file.fileId, photoId, known: knownId !== undefined, same };
}

function failFile(store: OpenStore, fileId: number, failure: Failure, now: number): void {
  const stored = store.fileWork.inHand(fileId);
  if (!stored) return;
  const notBefore = retryAt(failure.code, stored.attempts, now, store.random);
  if (notBefore !== null) store.fileWork.wait(fileId, notBefore, failure.code, failure.message);
  else {
    store.fileWork.fail(fileId, failure.code, failure.message);
    if (stored.photoId !== null) refreshWords(store, stored.photoId);
  }
}

/** True where this strike was the last one. */
function strikeFile(
  store: OpenStore,
  { fileId, sha256 }: { readonly fileId: number; readonly sha256: string | null },
  now: number,
): boolean {
  const stored = store.fileWork.inHand(fileId);
  if (!stored) return false;
  store.fileWork.strike(fileId);
  // A copy's strike counts as much: it is the bytes that end the process.
  const ofBytes = sha256 === null ? 0 : store.poisons.strike(sha256, now);
  const isPoison = Math.max(stored.crashStrikes + 1, ofBytes) >= strikesToPoison;
  if (isPoison) store.fileWork.fail(fileId, 'decode/poison', poisonMessage);
  return isPoison;
}
