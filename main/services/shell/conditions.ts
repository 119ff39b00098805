// What has befallen a library beside its work and its models; each fact is told by whoever notices it. Shell process.
import type { FolderView } from '../../../preload/contract/library.ts';
import type { RestorationView } from '../../library-db/library-care.ts';

export interface Conditions {
  /** As they were looked at last. */
  readonly folders: readonly Pick<FolderView, 'name' | 'state' | 'problem' | 'vanished'>[];
  /** Why changes are not noticed at once, and after how many minutes they are; null where folders are watched as they should be. */
  readonly watching: { readonly reason: 'limit' | 'failed'; readonly everyMinutes: number } | null;
  /** A copy took the library's place not long ago; null where nothing of the kind happened. */
  readonly restored: Pick<RestorationView, 'backupAt' | 'aside' | 'isWhole' | 'wasAsked'> | null;
  /** Why the last backup that was due could not be made; null where it was, or none was due. */
  readonly backupProblem: string | null;
  /** The process that compares vectors ended too often and waits to be started again. */
  readonly searchStopped: boolean;
}

/** How long a notice speaks of a copy that took the library's place. */
const spokenOfMs = 7 * 86_400_000;

/** @param now epoch milliseconds. @returns what there is to say of the last restoration. */
export function recentRestoration(restored: RestorationView | null, now: number): Conditions['restored'] {
  if (!restored || Math.abs(now - restored.restoredAt) > spokenOfMs) return null;
  const { backupAt, aside, isWhole, wasAsked } = restored;
  return { backupAt, aside, isWhole, wasAsked };
}

export interface ConditionBook {
  now(): Conditions;
  /** Takes over what is named; the rest stays as it is. */
  tell(news: Partial<Conditions>): void;
}

/** @param onChange called where a fact is another than before. */
export function createConditionBook(onChange: () => void): ConditionBook {
  let known: Conditions = { folders: [], watching: null, restored: null, backupProblem: null, searchStopped: false };
  let written = JSON.stringify(known);
  return {
    now: () => known,
    tell(news) {
      known = { ...known, ...news };
      const next = JSON.stringify(known);
      if (next === written) return;
      written = next;
      onChange();
    },
  };
}
