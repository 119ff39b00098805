// Brings the table of files in step with a folder on disk: new, changed, unchanged, gone. Shell process.
import type { FolderRow, LibraryDb } from '../../library-db/library-db.ts';
import { CancelledError, throwIfCancelled } from '../../platform/app-error.ts';
import type { FolderWalker } from '../../watching/folder-walker.ts';

export interface ScanOutcome {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly missing: number;
}

/** A cancelled scan marks nothing as missing: what it did not see may well be there. */
export async function scanFolder(
  parts: {
    readonly db: Pick<LibraryDb, 'beginScan' | 'applyScan' | 'finishScan'>;
    readonly walker: FolderWalker;
    now(): number;
  },
  folder: FolderRow,
  options: { readonly signal: AbortSignal; onFiles(count: number): void },
): Promise<ScanOutcome> {
  const { db, walker, now } = parts;
  const { scanId } = await db.beginScan({ folderId: folder.id });
  const { walkId } = await walker.begin({ root: folder.path, exclude: folder.exclude });
  const sum = { added: 0, changed: 0, unchanged: 0 };
  const unreadable: string[] = [];
  for (let done = false; !done; ) {
    if (options.signal.aborted) {
      await walker.end({ walkId });
      throw new CancelledError();
    }
    const portion = await walker.next({ walkId });
    unreadable.push(...portion.unreadable);
    if (portion.files.length > 0) {
      const counts = await db.applyScan({ folderId: folder.id, scanId, files: portion.files, now: now() });
      sum.added += counts.added;
      sum.changed += counts.changed;
      sum.unchanged += counts.unchanged;
      options.onFiles(portion.files.length);
    }
    done = portion.done;
  }
  throwIfCancelled(options.signal);
  const { missing } = await db.finishScan({ folderId: folder.id, scanId, unreadable, now: now() });
  return { ...sum, missing };
}
