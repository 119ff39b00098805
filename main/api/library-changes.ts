// Notices that what a gallery shows has changed, whoever changed it, and tells the interfaces. Shell process.
import type { LibraryDb } from '../library-db/library-db.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { EventHub } from './event-hub.ts';

export interface LibraryChanges {
  /** Something was written. */
  wrote(): void;
  close(): void;
}

/** Writes come in bursts: the number is read after the first and once more for those that followed within this time. */
const pauseMs = 200;
/** Another program's changes are seen by asking, and only while somebody looks. */
const askEveryMs = 2_000;

export function createLibraryChanges(parts: {
  readonly db: Pick<LibraryDb, 'revision'>;
  readonly mode: 'owner' | 'reader';
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Logger;
}): LibraryChanges {
  let known: number | undefined;
  let waiting: (() => void) | undefined;
  let cancelAsking = (): void => undefined;
  let closed = false;

  async function read(): Promise<void> {
    try {
      const { revision } = await parts.db.revision();
      if (revision !== known && !closed) parts.events.publish('library.changed', { revision });
      known = revision;
    } catch (error) {
      if (!closed) parts.log.warn({ area: 'events', err: error }, 'the revision could not be read');
    }
  }

  function askAgain(): void {
    cancelAsking = parts.clock.after(askEveryMs, () => {
      if (parts.events.listeners() > 0) void read();
      askAgain();
    });
  }

  if (parts.mode === 'reader') askAgain();
  return {
    wrote() {
      if (closed) return;
      waiting ??= parts.clock.after(pauseMs, () => {
        waiting = undefined;
        void read();
      });
    },
    close() {
      closed = true;
      waiting?.();
      cancelAsking();
    },
  };
}

/** The same library, whose writing methods say so once they are done or have failed half way. */
export function observedLibrary(db: LibraryDb, isWriting: (method: string) => boolean, wrote: () => void): LibraryDb {
  type Method = (input: unknown) => Promise<unknown>;
  return new Proxy({} as LibraryDb, {
    get(_target, name) {
      const method = Reflect.get(db, name) as Method;
      // A thenable would be called by `await`; there is no method of that name.
      if (name === 'then' || typeof method !== 'function' || !isWriting(String(name))) return method;
      return (input: unknown) => method(input).finally(wrote);
    },
  });
}
