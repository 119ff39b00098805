// What every reader of a kind of condition is given, and what it gives back. Types, and what readers share; shell process; pure.
import type { Filter } from '../parsed-query.ts';
import type { PlaceNames } from './places/place-names.ts';
import type { Token } from './tokens.ts';

/** What a text is read with. */
export interface Knowledge {
  /** The local date, `YYYY-MM-DD`. */
  readonly today: string;
  /** Seasons of the southern half of the world. */
  readonly isSouthern: boolean;
  readonly places: PlaceNames;
  /** Make and model in one text, folded. */
  readonly cameras: readonly string[];
}

/** Tokens from the one asked for up to `end` (excluded) mean a condition; or they only look like one, and `note` says why they are left as words. */
export type Found =
  | { readonly end: number; readonly filter: Filter; readonly label: string; readonly note?: string }
  | { readonly end: number; readonly filter: null; readonly note: string };

export type Recognise = (tokens: readonly Token[], at: number, knowledge: Knowledge) => Found | null;

/** Folded text of a word; an empty one past the end, and for what is quoted or negated by a sign. */
export function wordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token && token.kind === 'word' && !token.minus ? token.folded : '';
}

/** Word sequences by their first words, in the order they were given. */
export type Sequences = ReadonlyMap<string, readonly (readonly string[])[]>;

/** @param texts folded, with single spaces; what begins with another of them stands before it */
export function sequencesOf(texts: readonly string[]): Sequences {
  const byFirst = new Map<string, string[][]>();
  for (const words of texts.map((text) => text.split(' '))) {
    const first = words[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), words]);
  }
  return byFirst;
}

/** The first of the sequences that stands at a place, as the number of its words; 0 for none. */
export function sequenceAt(tokens: readonly Token[], at: number, sequences: Sequences): number {
  const candidates = sequences.get(wordAt(tokens, at));
  return candidates?.find((words) => words.every((word, i) => wordAt(tokens, at + i) === word))?.length ?? 0;
}

/** As typed, with single spaces. */
export function typedWords(tokens: readonly Token[], from: number, to: number): string {
  return tokens
    .slice(from, to)
    .map((token) => token.text)
    .join(' ')
    .replace(/ ,/gu, ',');
}

/** Words after which a noun has ended: what stands before one of them is no adjective. */
const joining = new Set(
  'with without in on at and or but by near from of to for no not during before after since until over under around behind taken shot as is was were are'.split(
    ' ',
  ),
);

/** Whether the words before `at` are not the beginning of a longer name, as "christmas" is of "christmas tree". */
export function endsBefore(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at];
  if (next?.kind !== 'word' || next.minus) return true;
  return joining.has(next.folded) || /^['\d]/u.test(next.folded) || next.folded.includes(':') || next.text === 'OR';
}
