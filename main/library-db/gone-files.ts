// What is concluded from files that a scan did not see: moved, missing, or vanished in such numbers that the person is asked. Library thread.
import type { Volume } from '../platform/folder-root.ts';
import type { GoneFile } from '../store/statements/file-scan.ts';
import type { ReadFolder } from './library-rows.ts';
import { type OpenStore, refreshWords } from './open-store.ts';

/** More files than these, and a larger share of the folder than this, are not believed to be gone without asking. */
const brakeFiles = 20;
const brakeShare = 0.1;
/** What went missing in several looks shortly after each other went in one go: a watcher tells of a deleted tree piece by piece. */
const togetherMs = 600_000;

/** So long the place of a missing file is remembered, and so many places are forgotten at most after one scan. */
const rememberedMs = 30 * 86_400_000;
const forgottenAtOnce = 5_000;

export interface GoneScan {
  readonly folderId: number;
  readonly scanId: number;
  readonly unreadable: readonly string[];
  readonly now: number;
  readonly read?: readonly ReadFolder[];
  /** Given where a real root was looked at. */
  readonly at?: Volume;
}

/**
 * Forgets the places of files that have been missing for a month. What is known of their content stays with it, the person's own words above all: it is
 * found again by its hash wherever it turns up.
 */
export function forgetLongGone({ fileScan }: OpenStore, { folderId, now, read }: GoneScan): void {
  if (!read) fileScan.forget(folderId, now - rememberedMs, forgottenAtOnce);
}

export function settleGone(store: OpenStore, scan: GoneScan): { missing: number; moved: number; held: number } {
  const { fileScan } = store;
  const gone = goneFiles(store, scan);
  if (gone.length === 0) return { missing: 0, moved: 0, held: 0 };
  const elsewhere = fileScan.foundElsewhere(gone.map(({ id }) => id));
  const lost = gone.filter(({ id }) => !elsewhere.has(id));
  const held = lost.length > 0 ? holdOrMiss(store, scan, lost) : null;
  let moved = 0;
  for (const [id, other] of elsewhere) {
    // A copy that was here before stays what it was; this one is missing.
    if (other < id) fileScan.miss([id], scan.now);
    else {
      fileScan.replace(id, other);
      moved++;
    }
  }
  // What is held stays where it was, and its words with it; those that come back to be held had none of their places any more.
  const changed = held ? [...gone.filter(({ id }) => elsewhere.has(id)), ...held.returned] : gone;
  const photos = changed.flatMap(({ photoId }) => photoId ?? []);
  for (const photoId of new Set(photos)) refreshWords(store, photoId);
  const missing = gone.length - moved - (held ? lost.length : 0);
  return { missing, moved, held: held ? lost.length + held.returned.length : 0 };
}

/** @returns where the files are held, those that went missing in looks shortly before and are held with them; null where the files are missing. */
function holdOrMiss(
  store: OpenStore,
  { folderId, scanId, now, read, at }: GoneScan,
  lost: readonly GoneFile[],
): { returned: GoneFile[] } | null {
  const { fileScan } = store;
  const recent = fileScan.missedSince(folderId, now - togetherMs);
  const all = lost.length + recent.length + fileScan.heldIn(folderId);
  const isMass = all > brakeFiles && all > brakeShare * (fileScan.presentIn(folderId) + recent.length);
  // Nothing of what is known is there any more: the folder was emptied, or is not the one it was.
  const isEmptied = at !== undefined && !read && !fileScan.sawAny(folderId, scanId);
  if (!isMass && !isEmptied) {
    fileScan.miss(
      lost.map(({ id }) => id),
      now,
    );
    return null;
  }
  fileScan.hold([...lost, ...recent].map(({ id }) => id));
  return { returned: recent };
}

function goneFiles({ fileScan }: OpenStore, { folderId, scanId, unreadable, read }: GoneScan): GoneFile[] {
  if (!read) return fileScan.unseen(folderId, scanId, unreadable);
  const isBelow = (relPath: string, folder: string): boolean => folder === '' || relPath.startsWith(`${folder}/`);
  const unread = unreadable.map((folder) => (folder === '.' ? '' : folder));
  const gone = new Map<number, GoneFile>();
  for (const folder of read) {
    // What lies in a folder that is still there is for a look into that one to say.
    for (const file of fileScan.unseenBelow(folderId, scanId, folder.relPath, folder.subfolders)) {
      if (!unread.some((other) => isBelow(file.relPath, other))) gone.set(file.id, file);
    }
  }
  return [...gone.values()];
}
