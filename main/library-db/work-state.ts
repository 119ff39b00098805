// The few rules of how work is retried, apart from where it is stored. Library thread.
import { type ErrorCode, retryByCode } from '../../preload/contract/errors.ts';

/** After so many failures in a row a passing state counts as lasting; the person can still ask for another try. */
const mostAttempts = 5;
const firstWaitMs = 1_000;
/** Spread, so that a returning drive is not met by everything at once. */
const jitterShare = 0.5;

/** A crash of the process that holds the work is one strike; the second strike fails it: the work itself ends processes. */
export const strikesToPoison = 2;

export const poisonMessage = 'Reading this file ended the process twice; it is left out. Repair or remove the file.';

/** When failed work may be claimed again, or null where it is failed for good. @param attempts failures before this one. */
export function retryAt(code: ErrorCode, attempts: number, now: number, random: () => number): number | null {
  if (retryByCode[code] !== 'later' || attempts + 1 >= mostAttempts) return null;
  return now + firstWaitMs * 2 ** attempts * (1 + jitterShare * random());
}
