// The library as a pass of work sees it: files are handed out when they are whole. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ClaimedFile } from '../../library-db/library-rows.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import { asideMs, type SettlingFiles, type SettlingParts } from './settling-files.ts';
import { unlessCancelled } from './unless-cancelled.ts';

/**
 * The same library for one pass of work, whose claims hold whole files only. The others stay claimed, and are handed out once they are whole; those that take
 * longer are left for another pass. The end of the pass frees them as any claim. Claims reject where the pass is cancelled: the drive of a file may hang.
 */
export function onlyWholeFiles(
  db: LibraryDb,
  settling: Pick<SettlingFiles, 'waitFor'>,
  parts: Pick<SettlingParts, 'clock' | 'now'>,
  signal: AbortSignal,
): LibraryDb {
  const waiting = new Map<number, { readonly file: ClaimedFile; readonly dueAt: number }>();

  function takeDue(limit: number): ClaimedFile[] {
    const due = [...waiting.values()].filter(({ dueAt }) => dueAt <= parts.clock.now()).slice(0, limit);
    for (const { file } of due) waiting.delete(file.fileId);
    return due.map(({ file }) => file);
  }

  async function claimFiles({ limit, now }: { limit: number; now: number }): Promise<ClaimedFile[]> {
    for (;;) {
      throwIfCancelled(signal);
      const due = takeDue(limit);
      const fresh = due.length < limit ? await db.claimFiles({ limit: limit - due.length, now }) : [];
      const files = [...new Map([...due, ...fresh].map((file) => [file.fileId, file])).values()];
      const waits = await unlessCancelled(Promise.all(files.map((file) => settling.waitFor(file))), signal);
      const whole = files.filter((file, at) => {
        // A scan saw it change while it waited, and it was claimed anew.
        waiting.delete(file.fileId);
        const waitMs = waits[at] ?? 0;
        if (waitMs > 0 && waitMs < asideMs) waiting.set(file.fileId, { file, dueAt: parts.clock.now() + waitMs });
        return waitMs === 0;
      });
      if (whole.length > 0 || files.length === 0) return whole;
    }
  }

  async function nextRetryAt(input: Parameters<LibraryDb['nextRetryAt']>[0]): Promise<number | null> {
    const stored = await db.nextRetryAt(input);
    const dueAts = [...waiting.values()].map(({ dueAt }) => dueAt);
    if (dueAts.length === 0) return stored;
    const ownAt = parts.now() + Math.max(0, Math.min(...dueAts) - parts.clock.now());
    return stored === null ? ownAt : Math.min(stored, ownAt);
  }

  const replaced: Partial<LibraryDb> = { claimFiles, nextRetryAt };
  return new Proxy(db, {
    get: (target, name) => Reflect.get(name in replaced ? replaced : target, name),
  });
}
