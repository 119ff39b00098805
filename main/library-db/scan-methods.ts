// The part of a library that folders and scans use. Library thread.
import { writing } from '../store/open-database.ts';
import { settleCarries } from './carried-words.ts';
import { forgetLongGone, settleGone } from './gone-files.ts';
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
          if (seen.returnedPhoto === undefined) continue;
          returned.add(seen.returnedPhoto);
          if (seen.provenFile !== undefined) fileScan.forgetPlaces(seen.returnedPhoto, seen.provenFile);
        }
        for (const photoId of returned) refreshWords(store, photoId);
        return counts;
      }),
    finishScan: async (scan) =>
      writing(library, () => {
        if (isRemoved(scan.folderId)) return { missing: 0, moved: 0, held: 0 };
        const outcome = settleGone(store, scan);
        forgetLongGone(store, scan);
        // What an emptied folder holds proves nothing of its volume.
        if (scan.at && !scan.read && fileScan.sawAny(scan.folderId, scan.scanId))
          folders.noteRoot(scan.folderId, scan.scanId, scan.at);
        settleCarries(store, scan.now);
        return outcome;
      }),
    retryPassing: async ({ folderIds }) =>
      writing(library, () => ({ files: fileWork.retryPassing(folderIds), photos: jobs.retryPassing(folderIds) })),
  };
}
