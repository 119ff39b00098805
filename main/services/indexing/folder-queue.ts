// Which folders wait to be looked through, and which are away. Shell process.
import type { FolderRow, LibraryDb } from '../../library-db/library-db.ts';
import type { FolderQueue as PassQueue } from './background-pass.ts';

export interface FolderQueue extends PassQueue {
  /** Asks for a look at these folders, all where none is named; `fill` makes them ready. */
  add(folderIds: readonly number[]): void;
  /** Reads what is known of the folders asked for. Ones that are away or not registered any more are left out. */
  fill(db: Pick<LibraryDb, 'listFolders'>): Promise<void>;
  waits(): boolean;
  /** These cannot be reached now and are not looked through. */
  setAway(folderIds: ReadonlySet<number>): void;
  /** Folders being looked through or waiting for it. */
  scanning(): readonly number[];
}

export function createFolderQueue(onChange: () => void): FolderQueue {
  const askedFor = new Set<number>();
  const listeners = new Set<() => void>();
  let all = false;
  let ready: FolderRow[] = [];
  let inHand: FolderRow | undefined;
  let away: ReadonlySet<number> = new Set();

  return {
    add(folderIds) {
      if (folderIds.length === 0) all = true;
      for (const id of folderIds) askedFor.add(id);
    },
    async fill(db) {
      if (!all && askedFor.size === 0) return;
      const folders = await db.listFolders();
      const chosen = folders.filter((folder) => (all || askedFor.has(folder.id)) && !away.has(folder.id));
      // What was asked for by name is what a person waits for.
      const first = chosen.filter((folder) => askedFor.has(folder.id));
      const later = [...ready, ...chosen].filter((folder) => !first.some((other) => other.id === folder.id));
      ready = [...first, ...later.filter((folder, i) => later.findIndex((other) => other.id === folder.id) === i)];
      all = false;
      askedFor.clear();
      onChange();
      for (const listener of [...listeners]) listener();
    },
    next(signal) {
      if (ready.length > 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const settle = (): void => {
          listeners.delete(settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        listeners.add(settle);
        signal.addEventListener('abort', settle, { once: true });
      });
    },
    waits: () => ready.length > 0 || all || askedFor.size > 0,
    take() {
      inHand = ready.shift();
      if (inHand) onChange();
      return inHand;
    },
    seen() {
      inHand = undefined;
      onChange();
    },
    putBack(folder) {
      inHand = undefined;
      ready.unshift(folder);
      onChange();
    },
    setAway(next) {
      away = next;
      ready = ready.filter((folder) => !next.has(folder.id));
      onChange();
    },
    scanning: () => [...(inHand ? [inHand.id] : []), ...ready.map((folder) => folder.id)],
  };
}
