// How often a loop of faults runs: the figure of every test run, or the longer one of `npm run test:long`. Test processes.

/** True in `npm run test:long`. */
export const isLong = process.env['PHOTOSEEK_LONG'] === '1';

/** @returns `everyRun` rounds in a usual run of the tests, `long` ones in the long version. */
export function figure(everyRun: number, long: number): number {
  return isLong ? long : everyRun;
}

/** Prints what a promise was tested with, in the words that `docs/reliability.md` repeats. */
export function reached(row: number, what: string): void {
  process.stdout.write(`promise ${row}: ${what}\n`);
}
