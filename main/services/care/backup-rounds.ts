// Has the library backed up once a day, by a host that stays or at the end of a command that changed it. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';

export interface BackupRoundsParts {
  readonly db: Pick<LibraryDb, 'backUp'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told after each look: why a backup that was due could not be made, else null. */
  onLook(problem: string | null): void;
  /** Epoch milliseconds. */
  now(): number;
}

export interface BackupRounds {
  /** Looks whether a backup is due, soon and then every hour. */
  start(): void;
  /** Looks once, and resolves when a backup that was due is made. A failure is logged and told: nobody's work depends on it. */
  round(): Promise<void>;
  close(): Promise<void>;
}

/** The first minutes after a start belong to what the person sees. */
const firstRoundMs = 120_000;
const everyMs = 3_600_000;
/** Each try copies and checks the whole library; a damaged one is mended by nobody but the person. */
const afterDamageMs = 86_400_000;

export function createBackupRounds({ db, clock, log, now, onLook }: BackupRoundsParts): BackupRounds {
  let cancel = (): void => undefined;
  let underWay: Promise<void> = Promise.resolve();
  let isClosed = false;
  let nextMs = everyMs;

  async function round(): Promise<void> {
    try {
      const { taken } = await db.backUp({ now: now(), force: false });
      nextMs = everyMs;
      onLook(null);
      if (taken) log.info({ area: 'care', sizeBytes: taken.sizeBytes }, 'backed up');
    } catch (err) {
      log.warn({ area: 'care', err }, 'no backup was made');
      nextMs = err instanceof AppError && err.code === 'store/corrupt' ? afterDamageMs : everyMs;
      onLook(err instanceof Error ? err.message : String(err));
    }
  }

  function later(delayMs: number): void {
    if (isClosed) return;
    cancel = clock.after(delayMs, () => {
      underWay = round();
      void underWay.then(() => later(nextMs));
    });
  }

  return {
    start: () => later(firstRoundMs),
    round,
    async close() {
      isClosed = true;
      cancel();
      await underWay;
    },
  };
}
