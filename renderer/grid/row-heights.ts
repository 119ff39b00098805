// The heights of a row that a person steps through. Pure.

/** CSS pixels; the least and the greatest are those of the settings' schema. */
export const leastRowHeight = 80;
export const greatestRowHeight = 480;
const step = 1.15;

/** One step larger or smaller, on the 4 pixel grid. */
export function nearerRowHeight(height: number, larger: boolean): number {
  const next = Math.round((larger ? height * step : height / step) / 4) * 4;
  return Math.max(leastRowHeight, Math.min(greatestRowHeight, next));
}
