// The part of a library that folders and scans use. Library thread.
import { writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import { type OpenStore, refreshWords } from './open-store.ts';

type ScanMethods = Pick<LibraryDb, 'beginScan' | 'applyScan' | 'finishScan' | 'retryPassing'>;

export function scanMethods(store: OpenStore): ScanMethods {
  const { library, folders, fileScan, fileWork, jobs, state } = store;
  /** A scan goes on for a while after its folder was taken out; what it sees must not bring the folder's photos back. */
  const isRemoved = (folderId: number): boolean => folders.folder(folderId)?.removedAt !== null;
  return {
    beginScan: async () => writing(library, () => ({ scanId: state.nextScanId() })),
    applyScan: async ({ folderId, scanId, files, now }) =>
      writing(library, () => {
        const counts = { added: 0, changed: 0, unchanged: 0 };
        if (isRemoved(folderId)) return counts;
        const returned = new Set<number>();
        for (const file of files) {
          const seen = fileScan.see(folderId, scanId, file, now);
          counts[seen.as]++;
          if (seen.returnedPhoto !== undefined) returned.add(seen.returnedPhoto);
        }
        for (const photoId of returned) refreshWords(store, photoId);
        return counts;
      }),
    finishScan: async ({ folderId, scanId, unreadable, now }) =>
      writing(library, () => {
        if (isRemoved(folderId)) return { missing: 0 };
        const gone = fileScan.markMissing(folderId, scanId, unreadable, now);
        for (const photoId of new Set(gone)) if (photoId !== null) refreshWords(store, photoId);
        return { missing: gone.length };
      }),
    retryPassing: async ({ folderIds }) =>
      writing(library, () => ({ files: fileWork.retryPassing(folderIds), photos: jobs.retryPassing(folderIds) })),
  };
}
