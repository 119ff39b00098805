// Conditions typed as `key:value`, for who wants no doubt what is meant. What is no such key is text. Shell process; pure.
import type { Filter } from '../parsed-query.ts';
import { boundedSpan, contextOf, momentAt } from './dates/date-phrase.ts';
import { keyedDate } from './dates/keyed-date.ts';
import { dateFilter } from './dates/moment.ts';
import { fileTypes, typeOf } from './file-types.ts';
import { keyedNear, keyedPlace } from './places/keyed-place.ts';
import type { Knowledge, Recognise } from './recognise.ts';
import { tokensOf } from './tokens.ts';

/** What a value was understood as; or, in words for the person, why it was not. */
export type KeyedValue = { readonly filter: Filter; readonly label: string } | { readonly problem: string };

type ReadValue = (value: string, knowledge: Knowledge) => KeyedValue;

const bounded =
  (bound: 'before' | 'after' | 'since' | 'until'): ReadValue =>
  (value, knowledge) => {
    const tokens = tokensOf(value);
    const moment = momentAt(tokens, 0, contextOf(knowledge));
    if (!moment || moment.end < tokens.length) return { problem: `“${value}” is no date that can be read.` };
    if ('impossible' in moment) return { problem: moment.impossible };
    return { filter: dateFilter(boundedSpan(bound, moment.span)), label: `${bound} ${moment.label ?? value}` };
  };

const named =
  (kind: 'camera' | 'lens'): ReadValue =>
  (value) => {
    const words = tokensOf(value).flatMap(({ folded }) => (folded === '' ? [] : [folded]));
    return words.length === 0
      ? { problem: `“${value}” names no ${kind}.` }
      : { filter: { kind, not: false, words }, label: value };
  };

const type: ReadValue = (value) => {
  const types = value.split(/[,|]/u).map(typeOf);
  const known = types.flatMap((name) => (name ? [name] : []));
  if (known.length < types.length)
    return { problem: `“${value}” is no file type that is read here; there are ${[...fileTypes].join(', ')}.` };
  return { filter: { kind: 'type', not: false, types: [...new Set(known)] }, label: known.join(' or ') };
};

const orientation: ReadValue = (value) => {
  const shape = value.toLowerCase();
  if (shape !== 'landscape' && shape !== 'portrait' && shape !== 'square')
    return { problem: `“${value}” is no orientation; there are landscape, portrait and square.` };
  return { filter: { kind: 'orientation', not: false, orientation: shape }, label: shape };
};

/** `4`, `4+`, `>=4`, `<3`, `3..5`, `3-5`, `none`. */
const rating: ReadValue = (value) => {
  if (value.toLowerCase() === 'none') return starsBetween(0, 0);
  const range = /^([0-5])(?:\.\.|-)([0-5])$/u.exec(value);
  if (range) return starsBetween(Number(range[1]), Number(range[2]));
  const match = /^(>=|<=|>|<|=)?([0-5])(\+)?$/u.exec(value);
  if (!match) return { problem: `“${value}” is no number of stars, 0 to 5.` };
  const stars = Number(match[2]);
  if (match[1] === '<=') return starsBetween(0, stars);
  if (match[1] === '<')
    return stars === 0 ? { problem: 'No photo has fewer than 0 stars.' } : starsBetween(0, stars - 1);
  if (match[1] === '>')
    return stars === 5 ? { problem: 'No photo has more than 5 stars.' } : starsBetween(stars + 1, 5);
  return starsBetween(stars, match[1] === '>=' || match[3] ? 5 : stars);
};

function starsBetween(least: number, most: number): KeyedValue {
  if (least > most) return { problem: `No photo has ${least} stars or more and ${most} or fewer.` };
  const label = least === most ? `${least} stars` : most === 5 ? `${least} stars or more` : `${least} to ${most} stars`;
  return { filter: { kind: 'rating', not: false, least, most }, label };
}

const is: ReadValue = (value, knowledge) =>
  /^favou?rite$/iu.test(value)
    ? { filter: { kind: 'favourite', not: false }, label: 'favourites' }
    : orientationOr(value, knowledge);

const orientationOr: ReadValue = (value, knowledge) => {
  const shape = orientation(value, knowledge);
  return 'problem' in shape
    ? { problem: `Nothing is known of “is:${value}”; try is:favourite or is:landscape.` }
    : shape;
};

const has: ReadValue = (value) => {
  const folded = value.toLowerCase();
  if (folded === 'caption') return { filter: { kind: 'caption', not: false, of: 'anyone' }, label: 'with a caption' };
  if (folded === 'my-caption' || folded === 'own-caption')
    return { filter: { kind: 'caption', not: false, of: 'person' }, label: 'with a caption of mine' };
  return { problem: `Nothing is known of “has:${value}”; try has:caption or has:my-caption.` };
};

const folder: ReadValue = (value) => ({
  filter: { kind: 'folder', not: false, text: value },
  label: `folder ${value}`,
});

const keys: Readonly<Record<string, ReadValue>> = {
  date: keyedDate,
  before: bounded('before'),
  after: bounded('after'),
  since: bounded('since'),
  until: bounded('until'),
  place: keyedPlace,
  near: keyedNear,
  camera: named('camera'),
  lens: named('lens'),
  folder,
  type,
  orientation,
  rating,
  stars: rating,
  is,
  has,
};

/** A key at the end of the text whose value is still to be typed: nothing yet. */
export function isUnfinishedKey(folded: string): boolean {
  return folded.endsWith(':') && Object.hasOwn(keys, folded.slice(0, -1));
}

export const keyedCondition: Recognise = (tokens, at, knowledge) => {
  const token = tokens[at];
  const match = token?.kind === 'word' ? /^([a-z]+):(.+)$/isu.exec(token.text) : null;
  const key = match?.[1]?.toLowerCase() ?? '';
  if (!match || !Object.hasOwn(keys, key)) return null;
  const value = (match[2] ?? '').replace(/["\u201c\u201d\u201e\u00ab\u00bb]/gu, '').trim();
  if (value === '') return null;
  const read = (keys[key] as ReadValue)(value, knowledge);
  if ('problem' in read) return { end: at + 1, filter: null, note: `${read.problem} It is searched as words.` };
  return { end: at + 1, ...read };
};
