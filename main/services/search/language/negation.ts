// Finds what a text denies: "without X", "no X", "not X", "-X". Shell process; pure.
import { sequenceAt, sequencesOf, wordAt } from './recognise.ts';
import type { Token } from './tokens.ts';

/** The longer stand before what they begin with. */
const negators = sequencesOf([
  'but not',
  'and not',
  'but without',
  'and without',
  'but no',
  'and no',
  'with no',
  'with not',
  'except for',
  'apart from',
  'without',
  'excluding',
  'except',
  'not',
  'no',
]);
/** After "not" they deny nothing of what is shown. */
const unnegated: ReadonlySet<string> = new Set(
  'only just necessarily so very yet quite far too really even sure much many all always'.split(' '),
);
const signs: ReadonlySet<string> = new Set(['sign', 'signs']);
/** They begin something else than what is denied. */
const boundaries: ReadonlySet<string> = new Set(
  'at in on near by under behind during over beside beneath below above next but with while against through from inside outside around before after since that which who where'.split(
    ' ',
  ),
);
const fillers: ReadonlySet<string> = new Set(['any', 'a', 'an', 'the']);
const mostWords = 6;
const nobody = sequencesOf(['no one', 'nobody', 'no-one']);
const nobodyLeads = sequencesOf(['with', 'and', 'but']);

export interface Negator {
  /** Past the negating word. */
  readonly end: number;
}

export function negatorAt(tokens: readonly Token[], at: number): Negator | null {
  const length = sequenceAt(tokens, at, negators);
  if (length === 0) return null;
  const next = wordAt(tokens, at + length);
  if (next === '') return tokens[at + length]?.kind === 'quoted' ? { end: at + length } : null;
  const last = wordAt(tokens, at + length - 1);
  if (last === 'not' && (unnegated.has(next) || wordAt(tokens, at - 1) === 'or')) return null;
  // "No. 5" counts, "no parking sign" is seen.
  if (last === 'no' && (/^\d{1,3}$/u.test(next) || signs.has(wordAt(tokens, at + length + 1)))) return null;
  return { end: at + length };
}

/** "nobody", "no one": without people, as it were. @returns the end, 0 where it does not stand here. */
export function nobodyAt(tokens: readonly Token[], at: number): number {
  const led = sequenceAt(tokens, at, nobodyLeads);
  const length = sequenceAt(tokens, at + led, nobody);
  return length === 0 ? 0 : at + led + length;
}

/** Where the words that are denied end: at a sign, at a word that begins something else, or where `stopsAt` says so. */
export function deniedEnd(tokens: readonly Token[], at: number, stopsAt: (at: number) => boolean): number {
  let end = at;
  while (end - at < mostWords) {
    const word = wordAt(tokens, end);
    const isBoundary = end > at && (boundaries.has(word) || negatorAt(tokens, end) !== null || stopsAt(end));
    if (word === '' || tokens[end]?.text === 'OR' || word.includes(':') || isBoundary) break;
    end++;
  }
  while (end > at && ['and', 'or', 'nor', 'but'].includes(wordAt(tokens, end - 1))) end--;
  return end;
}

/** "people or cars" is two things, "black and white" one. */
export function deniedThings(words: string): string[] {
  return words
    .split(/\s+(?:or|nor|(?<!\bblack\s+)and|and(?!\s+white\b))\s+/iu)
    .map((thing) => thing.trim())
    .map(withoutFiller)
    .filter((thing) => thing !== '');
}

function withoutFiller(thing: string): string {
  const words = thing.split(/\s+/u);
  while (words.length > 1 && fillers.has((words[0] ?? '').toLowerCase())) words.shift();
  return words.join(' ');
}
