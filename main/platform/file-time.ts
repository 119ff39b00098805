// A file's time of change as a number, the same wherever it is read, since a difference means that the file was changed. Any process.

/** Epoch milliseconds with their fraction. `fs.Stats.mtimeMs` rounds otherwise in its last bit, for one file in ten. */
export function millisecondsOf(mtimeNs: bigint): number {
  return Number(mtimeNs) / 1e6;
}
