// Months of a list that is ordered by day: what the scrubber shows. Pure.
import { undatedDay } from '../../preload/contract/timeline.ts';

export interface MonthMark {
  /** Null for photos without a date. */
  readonly year: number | null;
  /** 1 to 12; 0 without a date. */
  readonly month: number;
  /** Of its first photo. */
  readonly position: number;
}

const dayMs = 86_400_000;

export function monthMarks(days: Int32Array): MonthMark[] {
  const marks: MonthMark[] = [];
  let before: number | undefined;
  for (let position = 0; position < days.length; position++) {
    const day = days[position] as number;
    if (day === before) continue;
    before = day;
    const { year, month } = monthOf(day);
    const last = marks.at(-1);
    if (!last || last.year !== year || last.month !== month) marks.push({ year, month, position });
  }
  return marks;
}

function monthOf(day: number): { year: number | null; month: number } {
  if (day === undatedDay) return { year: null, month: 0 };
  const date = new Date(day * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

/** The last mark that begins at or before this photo. */
export function markAt(marks: readonly MonthMark[], position: number): number {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((marks[middle]?.position ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface YearLabel {
  readonly year: number | null;
  /** Share of the rail, 0 to 1. */
  readonly at: number;
}

/** Years as far as they can be written beside each other: `shares` tells where on the rail each mark begins. */
export function yearLabels(marks: readonly MonthMark[], shares: readonly number[], leastDistance: number): YearLabel[] {
  const labels: YearLabel[] = [];
  marks.forEach(({ year }, i) => {
    const at = shares[i] ?? 0;
    const last = labels.at(-1);
    if (i > 0 && marks[i - 1]?.year === year) return;
    if (!last || at - last.at >= leastDistance) labels.push({ year, at });
  });
  return labels;
}
