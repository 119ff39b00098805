// What to ask instead where a query finds nothing: the same text with one of its conditions taken out. Pure; shell process.
import type { ParsedQuery } from './parsed-query.ts';

export interface Broader {
  /** What is taken out, in the person's language. */
  readonly label: string;
  /** The whole text to ask then. */
  readonly text: string;
}

const mostOffered = 4;

/** Each condition and each thing left out once, in the order typed, then all of them at once; none where nothing would be left to ask. */
export function broaderQueries(text: string, { chips }: Pick<ParsedQuery, 'chips'>): Broader[] {
  const without = (ranges: readonly { from: number; to: number }[]): string =>
    [...ranges]
      .sort((a, b) => b.from - a.from)
      .reduce((rest, { from, to }) => `${rest.slice(0, from)} ${rest.slice(to)}`, text)
      .replace(/\s+/gu, ' ')
      .trim();
  const offered = chips.slice(0, mostOffered).map((chip) => ({ label: chip.label, text: without([chip]) }));
  if (chips.length > 1) offered.push({ label: chips.map(({ label }) => label).join(', '), text: without(chips) });
  return offered.filter((one) => one.text !== '' && one.text !== text.trim());
}
