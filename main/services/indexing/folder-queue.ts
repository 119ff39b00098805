// Which folders wait to be looked through, whole or in part, and which are away. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FolderRow } from '../../library-db/library-rows.ts';
import type { FolderVisit, FolderQueue as PassQueue } from './background-pass.ts';

export interface FolderQueue extends PassQueue {
  /**
   * Asks for a look at these folders, all where none is named; `fill` makes them ready. `within` names the folders below (relative paths) that are enough to
   * look into; several such wishes are one, and a wish for the whole folder swallows them.
   */
  add(folderIds: readonly number[], options?: { readonly within: readonly string[] }): void;
  /** Reads what is known of the folders asked for. Ones that are away or not registered any more are left out. */
  fill(db: Pick<LibraryDb, 'listFolders'>): Promise<void>;
  waits(): boolean;
  /** These cannot be reached now and are not looked through. */
  setAway(folderIds: ReadonlySet<number>): void;
  /** Folders being looked through as a whole, or waiting for it. */
  scanning(): readonly number[];
}

/** Folders below to look into; null for everything. */
type Part = ReadonlySet<string> | null;

interface Waiting {
  readonly folder: FolderRow;
  readonly part: Part;
}

/** With more folders than this below one, all of it is looked through: that costs less then, and nothing grows without end while work is paused. */
const mostParts = 1_000;

export function createFolderQueue(onChange: () => void): FolderQueue {
  const askedFor = new Map<number, Part>();
  const listeners = new Set<() => void>();
  let all = false;
  let ready: Waiting[] = [];
  let inHand: FolderVisit | undefined;
  let away: ReadonlySet<number> = new Set();

  function tellListeners(): void {
    onChange();
    for (const listener of [...listeners]) listener();
  }

  return {
    add(folderIds, options) {
      if (folderIds.length === 0) all = true;
      const part = options ? new Set(options.within) : null;
      for (const id of folderIds) askedFor.set(id, askedFor.has(id) ? joined(askedFor.get(id) as Part, part) : part);
    },
    async fill(db) {
      if (!all && askedFor.size === 0) return;
      const folders = await db.listFolders();
      const chosen = folders
        .filter(({ id }) => (all || askedFor.has(id)) && !away.has(id))
        .map((folder) => ({ folder, part: all ? null : (askedFor.get(folder.id) as Part) }));
      // What was asked for by name is what a person waits for.
      const first = chosen.filter(({ folder }) => askedFor.has(folder.id));
      ready = onceEach([...first, ...ready, ...chosen]);
      all = false;
      askedFor.clear();
      tellListeners();
    },
    next: (signal) => (ready.length > 0 ? Promise.resolve() : toldOrAborted(listeners, signal)),
    waits: () => ready.length > 0 || all || askedFor.size > 0,
    take() {
      inHand = visitOf(ready.shift());
      if (inHand) onChange();
      return inHand;
    },
    seen() {
      inHand = undefined;
      onChange();
    },
    putBack({ folder, within }) {
      inHand = undefined;
      ready = onceEach([{ folder, part: within ? new Set(within) : null }, ...ready]);
      onChange();
    },
    setAway(next) {
      away = next;
      ready = ready.filter(({ folder }) => !next.has(folder.id));
      onChange();
    },
    scanning: () => [
      ...(inHand && !inHand.within ? [inHand.folder.id] : []),
      ...ready.filter(({ part }) => part === null).map(({ folder }) => folder.id),
    ],
  };
}

function joined(one: Part, other: Part): Part {
  const both = one && other && new Set([...one, ...other]);
  return both && both.size <= mostParts ? both : null;
}

/** Of several wishes for one folder the place of the first, what the last knows of it, and what all of them ask for. */
function onceEach(waiting: readonly Waiting[]): Waiting[] {
  const byId = new Map<number, Waiting>();
  for (const one of waiting) {
    const known = byId.get(one.folder.id);
    byId.set(one.folder.id, known ? { ...one, part: joined(known.part, one.part) } : one);
  }
  return [...byId.values()];
}

function visitOf(waiting: Waiting | undefined): FolderVisit | undefined {
  if (!waiting) return undefined;
  const { folder, part } = waiting;
  return part ? { folder, within: [...part] } : { folder };
}

function toldOrAborted(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      listeners.delete(settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    listeners.add(settle);
    signal.addEventListener('abort', settle, { once: true });
  });
}
