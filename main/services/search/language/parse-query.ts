// Understands a typed text: conditions, what is denied, sides of OR, and the words that are left for the models. Shell process; pure.
import type { Chip, Filter, ParsedQuery } from '../parsed-query.ts';
import { contradictions } from './check-query.ts';
import { datePhrase } from './dates/date-phrase.ts';
import { folderPhrase } from './folder-phrase.ts';
import { isFillerOnly, joinedText } from './free-text.ts';
import { isUnfinishedKey, keyedCondition } from './keyed-conditions.ts';
import { deniedEnd, deniedThings, negatorAt, nobodyAt } from './negation.ts';
import { photoPhrase } from './photo-phrases.ts';
import { placePhrase } from './places/place-phrase.ts';
import type { Found, Knowledge, Recognise } from './recognise.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What is sure stands before what may be meant. */
const readers: readonly Recognise[] = [keyedCondition, folderPhrase, photoPhrase, datePhrase, placePhrase];
/** Longer texts are no queries: what lies behind is left as words. */
const mostTokens = 400;

interface Side {
  readonly filters: Filter[];
  readonly pieces: string[];
  wasCut: boolean;
}

interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly knowledge: Knowledge;
  readonly sides: [Side, ...Side[]];
  readonly chips: Chip[];
  readonly without: string[];
  readonly notes: Set<string>;
  /** First token of the words that are being left as they are, -1 for none. */
  loose: number;
}

/** Never throws: what is not understood is words. Takes some tens of microseconds. */
export function parseQuery(text: string, knowledge: Knowledge): ParsedQuery {
  const tokens = tokensOf(text);
  const reading: Reading = {
    text,
    tokens,
    knowledge,
    sides: [newSide()],
    chips: [],
    without: [],
    notes: new Set(),
    loose: -1,
  };
  let at = 0;
  while (at < Math.min(tokens.length, mostTokens)) at = step(reading, at);
  if (tokens.length > mostTokens && reading.loose < 0) reading.loose = mostTokens;
  endWords(reading, tokens.length);
  return result(reading);
}

/** @returns the place of the next token to look at. */
function step(reading: Reading, at: number): number {
  return (
    either(reading, at) ??
    unfinished(reading, at) ??
    phrase(reading, at) ??
    minus(reading, at) ??
    condition(reading, at) ??
    denial(reading, at) ??
    words(reading, at)
  );
}

function words(reading: Reading, at: number): number {
  if (reading.loose < 0) reading.loose = at;
  return at + 1;
}

/** OR, a bar; "or" between two conditions. */
function either(reading: Reading, at: number): number | null {
  const { tokens, chips } = reading;
  const token = tokens[at] as Token;
  const isOr =
    (token.kind === 'word' && !token.minus && token.text === 'OR') || (token.kind === 'sign' && token.text === '|');
  const isBetween =
    token.kind === 'word' &&
    token.folded === 'or' &&
    reading.loose < 0 &&
    chips.at(-1)?.to === tokens[at - 1]?.to &&
    Boolean(recognised(reading, at + 1)?.filter);
  if (!isOr && !isBetween) return null;
  endWords(reading, at);
  reading.sides.push(newSide());
  return at + 1;
}

function unfinished(reading: Reading, at: number): number | null {
  const token = reading.tokens[at] as Token;
  if (token.kind !== 'word' || at < reading.tokens.length - 1 || !isUnfinishedKey(token.folded)) return null;
  endWords(reading, at);
  return at + 1;
}

function phrase(reading: Reading, at: number): number | null {
  const token = reading.tokens[at] as Token;
  if (token.kind !== 'quoted') return null;
  if (!/[\p{L}\p{N}]/u.test(token.text)) {
    endWords(reading, at);
    return at + 1;
  }
  return take(reading, at, at + 1, { kind: 'phrase', not: token.minus, text: token.text }, `“${token.text}”`);
}

/** A word with a minus before it; a number with one is a number. */
function minus(reading: Reading, at: number): number | null {
  const token = reading.tokens[at] as Token;
  if (!token.minus || token.kind !== 'word' || !/[\p{L}\p{N}]/u.test(token.text) || /^\d{1,3}\b/u.test(token.text))
    return null;
  const bare = [{ ...token, minus: false }];
  const found = recognise(bare, 0, reading.knowledge);
  if (found?.filter) return take(reading, at, at + 1, { ...found.filter, not: true }, found.label);
  if (found) reading.notes.add(found.note);
  return deny(reading, at, at + 1, [token.text], token.text);
}

function condition(reading: Reading, at: number): number | null {
  const found = recognised(reading, at);
  if (!found) return null;
  if (found.filter) return take(reading, at, found.end, found.filter, found.label);
  reading.notes.add(found.note);
  if (reading.loose < 0) reading.loose = at;
  return found.end;
}

function denial(reading: Reading, at: number): number | null {
  const { tokens, text } = reading;
  const nobodyEnd = nobodyAt(tokens, at);
  if (nobodyEnd > 0) return deny(reading, at, nobodyEnd, ['people'], 'people');
  const negator = negatorAt(tokens, at);
  if (!negator) return null;
  const next = tokens[negator.end];
  if (next?.kind === 'quoted')
    return take(reading, at, negator.end + 1, { kind: 'phrase', not: true, text: next.text }, `“${next.text}”`);
  const found = recognised(reading, negator.end);
  if (found?.filter) return take(reading, at, found.end, { ...found.filter, not: !found.filter.not }, found.label);
  const end = deniedEnd(tokens, negator.end, (word) => Boolean(recognised(reading, word)?.filter));
  const [first, last] = [tokens[negator.end], tokens[end - 1]];
  if (end === negator.end || !first || !last) return null;
  const denied = text.slice(first.from, last.to);
  const things = deniedThings(denied);
  return things.length === 0 ? null : deny(reading, at, end, things, denied);
}

function take(reading: Reading, at: number, end: number, filter: Filter, label: string): number {
  endWords(reading, at);
  currentSide(reading).filters.push(filter);
  addChip(reading, at, end, { kind: filter.kind, not: filter.not, label: filter.not ? `not ${label}` : label });
  return end;
}

function deny(reading: Reading, at: number, end: number, things: readonly string[], label: string): number {
  endWords(reading, at);
  for (const thing of things) if (!reading.without.includes(thing)) reading.without.push(thing);
  addChip(reading, at, end, { kind: 'without', not: true, label: `without ${label}` });
  return end;
}

function addChip(reading: Reading, at: number, end: number, chip: Pick<Chip, 'kind' | 'not' | 'label'>): void {
  const [first, last] = [reading.tokens[at] as Token, reading.tokens[end - 1] as Token];
  reading.chips.push({ ...chip, from: first.from, to: last.to });
}

/** What was left as words up to here is a piece of the side. */
function endWords(reading: Reading, end: number): void {
  const { text, tokens, loose } = reading;
  const side = currentSide(reading);
  const first = tokens[loose];
  if (first) side.pieces.push(text.slice(first.from, tokens[end]?.from ?? text.length));
  side.wasCut ||= end < tokens.length;
  reading.loose = -1;
}

function result({ text, sides, chips, without, notes }: Reading): ParsedQuery {
  const isPlain = chips.length === 0 && sides.length === 1 && sides[0].pieces.length === 1 && !sides[0].wasCut;
  const filters = combined(sides);
  const isNarrowed = filters.length > 0 || without.length > 0;
  const typed = isPlain ? [text.trim()] : sides.map(({ pieces, wasCut }) => joinedText(pieces, wasCut));
  const texts = [...new Set(typed)].filter((side) => side !== '' && !(isNarrowed && isFillerOnly(side)));
  for (const note of contradictions(filters)) notes.add(note);
  if (texts.length === 0 && filters.length === 0 && without.length > 0)
    notes.add('This says only what is not to be seen; say also what is.');
  if (!isNarrowed && texts.length > 0 && texts.every(isFillerOnly))
    notes.add('These words say nothing of what a photo shows.');
  return { texts, without, filters, chips, notes: [...notes] };
}

/** Conditions of one side alone narrow all of them, as in "dogs or cats in Paris"; where several sides have some, each photo has those of one. */
function combined(sides: readonly Side[]): Filter[] {
  const groups = sides.map(({ filters }) => filters).filter((filters) => filters.length > 0);
  const [first = []] = groups;
  return groups.length > 1 ? [{ kind: 'any', not: false, of: groups }] : first;
}

function recognised(reading: Reading, at: number): Found | null {
  return recognise(reading.tokens, at, reading.knowledge);
}

function recognise(tokens: readonly Token[], at: number, knowledge: Knowledge): Found | null {
  for (const read of readers) {
    const found = read(tokens, at, knowledge);
    if (found) return found;
  }
  return null;
}

function currentSide({ sides }: Reading): Side {
  return sides.at(-1) ?? sides[0];
}

function newSide(): Side {
  return { filters: [], pieces: [], wasCut: false };
}
