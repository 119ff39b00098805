// Lets files leave and come back after what a person did to folders, a portion at a time. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';

/** About 30 ms of the library thread: questions asked meanwhile wait no longer than that. */
const portion = 500;
/** Most folders are done by then, and the answer finds everything changed; a large one goes on behind it. */
const patienceMs = 300;

/** @returns a function that begins or goes on, and resolves when all is done, or goes on, after a moment. It never rejects: what is left is done later. */
export function createSettler(parts: {
  readonly db: Pick<LibraryDb, 'settleFolders'>;
  /** Nothing goes on behind an answer: the program may end with it. */
  readonly isAlone?: boolean;
  /** Epoch milliseconds. */
  now(): number;
}): () => Promise<void> {
  let running: Promise<void> | undefined;
  let asked = false;

  async function run(): Promise<void> {
    while (asked) {
      asked = false;
      while ((await parts.db.settleFolders({ limit: portion, now: parts.now() })).left);
    }
  }

  return async () => {
    asked = true;
    running ??= run()
      // The library was closed meanwhile, or its disk is full: it is gone on with after the next change or start.
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    await (parts.isAlone ? running : atMost(running, patienceMs));
  };
}

async function atMost(work: Promise<void>, waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
