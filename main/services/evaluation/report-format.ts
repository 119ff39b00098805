// How numbers, dates and ranks read in the HTML report. Pure; runs where evaluation runs.

const wholeNumber = new Intl.NumberFormat('en-GB');
const oneDecimal = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const threeDecimals = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export function formatCount(count: number): string {
  return wholeNumber.format(count);
}

/** "1 photo", "2 photos": for nouns that take an s. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function formatDecimal(value: number): string {
  return oneDecimal.format(value);
}

/** Three decimals, as caption scores and similarities are printed. */
export function formatScore(value: number): string {
  return threeDecimals.format(value);
}

/** A median rank may lie between two ranks; null is a photo that is not in the ranking. */
export function formatRank(rank: number | null): string {
  if (rank === null) return 'not found';
  return Number.isInteger(rank) ? formatCount(rank) : formatDecimal(rank);
}

export function formatMilliseconds(ms: number): string {
  return ms >= 1000 ? `${formatDecimal(ms / 1000)} s` : `${formatDecimal(ms)} ms`;
}

/** In UTC, so that the same report reads the same everywhere. */
export function formatMoment(moment: Date): string {
  return `${dayAndTime.format(moment)} UTC`;
}

/** Memory in GiB, whole numbers. */
export function formatMemory(bytes: number): string {
  return `${formatCount(Math.round(bytes / 2 ** 30))} GiB`;
}
