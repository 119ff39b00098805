// What has befallen a library beside its work and its models; each fact is told by whoever notices it. Shell process.
import type { FolderView } from '../../../preload/contract/library.ts';

export interface Conditions {
  /** As they were looked at last. */
  readonly folders: readonly Pick<FolderView, 'name' | 'state' | 'problem' | 'vanished'>[];
  /** Why changes are not noticed at once, and after how many minutes they are; null where folders are watched as they should be. */
  readonly watching: { readonly reason: 'limit' | 'failed'; readonly everyMinutes: number } | null;
  /** The library was damaged and this copy took its place; null where nothing of the kind happened. */
  readonly restored: {
    /** Epoch milliseconds: when the copy was made. */
    readonly copiedAt: number;
    /** Name of the damaged file, kept in the library's folder. */
    readonly keptAs: string;
  } | null;
  /** The process that compares vectors ended too often and waits to be started again. */
  readonly searchStopped: boolean;
}

export interface ConditionBook {
  now(): Conditions;
  /** Takes over what is named; the rest stays as it is. */
  tell(news: Partial<Conditions>): void;
}

/** @param onChange called where a fact is another than before. */
export function createConditionBook(onChange: () => void): ConditionBook {
  let known: Conditions = { folders: [], watching: null, restored: null, searchStopped: false };
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
