// Brings the table of files in step with a folder on disk: new, changed, unchanged, gone. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FolderRow } from '../../library-db/library-rows.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import type { RootState } from '../../platform/folder-root.ts';
import type { FolderWalker, WalkPortion } from '../../watching/folder-walker.ts';
import { unlessCancelled } from './unless-cancelled.ts';

export interface ScanOutcome {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly missing: number;
  /** Found under another path. */
  readonly moved: number;
  /** Vanished with so many others that the person is asked. */
  readonly held: number;
  /** Where it is not `online`, nothing was concluded from what is absent. */
  readonly root: RootState;
}

interface ScanParts {
  readonly db: Pick<LibraryDb, 'beginScan' | 'applyScan' | 'finishScan'>;
  readonly walker: FolderWalker;
  now(): number;
}

interface ScanOptions {
  readonly signal: AbortSignal;
  onFiles(count: number): void;
  readonly within?: readonly string[];
}

/**
 * A scan that is cancelled, or whose folder is away before or after it, marks nothing as missing: what it did not see may well be there.
 * With `within` (folders below, by relative path) only these are compared, without what lies below them but for folders that are new.
 */
export async function scanFolder(parts: ScanParts, folder: FolderRow, options: ScanOptions): Promise<ScanOutcome> {
  const { walker } = parts;
  const begun = walker.begin({
    root: folder.path,
    exclude: folder.exclude,
    ...(options.within ? { within: options.within } : {}),
    ...(folder.root ? { known: folder.root } : {}),
  });
  const walk = await unlessCancelled(begun, options.signal);
  try {
    return await takeOver(parts, folder, walk, options);
  } catch (error) {
    // A walk that hangs on its drive does not answer that either.
    walker.end({ walkId: walk.walkId }).catch(() => undefined);
    throw error;
  }
}

async function takeOver(
  { db, walker, now }: ScanParts,
  folder: FolderRow,
  { walkId, root }: Awaited<ReturnType<FolderWalker['begin']>>,
  { signal, onFiles }: ScanOptions,
): Promise<ScanOutcome> {
  const sum = { added: 0, changed: 0, unchanged: 0 };
  const none = { missing: 0, moved: 0, held: 0 };
  if (root && root.state !== 'online') {
    await walker.end({ walkId });
    return { ...sum, ...none, root: root.state };
  }
  const { scanId } = await db.beginScan({ folderId: folder.id });
  const unreadable: string[] = [];
  let last: WalkPortion | undefined;
  while (!last?.done) {
    throwIfCancelled(signal);
    last = await unlessCancelled(walker.next({ walkId }), signal);
    unreadable.push(...last.unreadable);
    if (last.files.length === 0) continue;
    const counts = await db.applyScan({ folderId: folder.id, scanId, files: last.files, now: now() });
    sum.added += counts.added;
    sum.changed += counts.changed;
    sum.unchanged += counts.unchanged;
    onFiles(last.files.length);
  }
  throwIfCancelled(signal);
  const after = last.root;
  if (after && (after.state !== 'online' || after.at?.device !== root?.at?.device)) {
    return { ...sum, ...none, root: after.state === 'online' ? 'other-volume' : after.state };
  }
  const finished = await db.finishScan({
    folderId: folder.id,
    scanId,
    unreadable,
    now: now(),
    ...(last.read ? { read: last.read } : {}),
    ...(after?.at ? { at: after.at } : {}),
  });
  return { ...sum, ...finished, root: 'online' };
}
