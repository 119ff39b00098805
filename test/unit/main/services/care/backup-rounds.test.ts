// When a backup is looked for again after one that could not be made.
import { expect, it } from 'vitest';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { silentLog } from '../../../../../main/platform/log.ts';
import { createBackupRounds } from '../../../../../main/services/care/backup-rounds.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';

const hourMs = 3_600_000;

it.each([
  ['store/disk-full', hourMs],
  // Every look copies and checks all of a library that somebody has to mend first.
  ['store/corrupt', 24 * hourMs],
] as const)('after %s the next look is in %i ms', async (code, delayMs) => {
  const clock = manualClock();
  const rounds = createBackupRounds({
    db: { backUp: () => Promise.reject(new AppError(code, 'no backup')) },
    clock,
    log: silentLog(),
    onLook: () => undefined,
    now: () => clock.now(),
  });
  rounds.start();
  clock.advance(clock.waiting()[0] ?? 0);
  await settled();
  expect(clock.waiting()).toEqual([delayMs]);
  await rounds.close();
});
