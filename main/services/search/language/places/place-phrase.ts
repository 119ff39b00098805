// Reads a place out of a text: "in Paris", "near Edinburgh", "within 10 km of Rome", "Springfield, Illinois". Shell process; pure.
import type { Filter } from '../../parsed-query.ts';
import {
  type Found,
  type Knowledge,
  type Recognise,
  sequenceAt,
  sequencesOf,
  typedWords,
  wordAt,
} from '../recognise.ts';
import type { Token } from '../tokens.ts';
import { ordinaryWords, surroundingWords } from './ordinary-words.ts';
import type { PlaceReading } from './place-names.ts';

/** What "near" a city is, where nothing else is said. */
export const nearKm = 25;
const mostKm = 2000;
/** Words of the longest name of a place that is worth trying. */
const mostWords = 5;
const shortest = 3;
const inLeads: ReadonlySet<string> = new Set(['in', 'at', 'from', 'inside']);
const nearLeads = sequencesOf(['near to', 'near', 'around', 'close to']);
const takenWords: ReadonlySet<string> = new Set(['taken', 'shot', 'made']);
const kilometres: ReadonlyMap<string, number> = new Map([
  ...['km', 'kms', 'kilometre', 'kilometres', 'kilometer', 'kilometers'].map((name) => [name, 1] as const),
  ...['mile', 'miles', 'mi'].map((name) => [name, 1.609344] as const),
]);

interface Named {
  readonly end: number;
  readonly reading: PlaceReading;
  /** Folded, as typed. */
  readonly name: string;
}

export const placePhrase: Recognise = (tokens, at, knowledge) => {
  const start = takenWords.has(wordAt(tokens, at)) ? at + 1 : at;
  return (
    within(tokens, start, knowledge) ??
    near(tokens, start, knowledge) ??
    inside(tokens, start, knowledge) ??
    bare(tokens, at, knowledge)
  );
};

export function nearFilter({ points, places }: PlaceReading, radiusKm: number): Filter {
  // Of a country or a region there is no middle to be near to.
  return points.length === 0
    ? { kind: 'place', not: false, places: places() }
    : { kind: 'near', not: false, points, radiusKm };
}

/** "within 10 km of X", "10 miles from X". */
function within(tokens: readonly Token[], at: number, knowledge: Knowledge): Found | null {
  const start = wordAt(tokens, at) === 'within' ? at + 1 : at;
  const match = /^(\d{1,4})([a-z]*)$/u.exec(wordAt(tokens, start));
  if (!match) return null;
  const unit = match[2] === '' ? wordAt(tokens, start + 1) : (match[2] ?? '');
  const ofAt = match[2] === '' ? start + 2 : start + 1;
  const each = kilometres.get(unit);
  if (each === undefined || !['of', 'from', 'around'].includes(wordAt(tokens, ofAt))) return null;
  const named = nameAt(tokens, ofAt + 1, knowledge);
  if (!named || named.reading.points.length === 0) return null;
  const radiusKm = Math.min(mostKm, Number(match[1]) * each);
  return { end: named.end, filter: nearFilter(named.reading, radiusKm), label: typedWords(tokens, at, named.end) };
}

function near(tokens: readonly Token[], at: number, knowledge: Knowledge): Found | null {
  const length = sequenceAt(tokens, at, nearLeads);
  if (length === 0) return null;
  const named = nameAt(tokens, at + length, knowledge);
  if (!named || isAside(named, knowledge)) return null;
  return { end: named.end, filter: nearFilter(named.reading, nearKm), label: `near ${named.reading.label}` };
}

function inside(tokens: readonly Token[], at: number, knowledge: Knowledge): Found | null {
  if (!inLeads.has(wordAt(tokens, at))) return null;
  const hasArticle = wordAt(tokens, at + 1) === 'the';
  // "in The Hague" is a name with its article; "in the bath" is no city.
  const withArticle = hasArticle ? nameAt(tokens, at + 1, knowledge) : null;
  const named = withArticle ?? nameAt(tokens, hasArticle ? at + 2 : at + 1, knowledge);
  if (!named || isAside(named, knowledge)) return null;
  const { reading } = named;
  if (hasArticle && !withArticle && !reading.hasPhotos && !reading.isWide) return null;
  if (!knowledge.places.libraryHasPlaces) {
    const phrase = typedWords(tokens, at, named.end);
    return {
      end: named.end,
      filter: null,
      note: `No photo here says where it was taken, so “${phrase}” is searched as words.`,
    };
  }
  const all = withOthers(tokens, named, knowledge);
  const places = all.flatMap((one) => one.reading.places());
  const label = all.map((one) => one.reading.label).join(' or ');
  return { end: all.at(-1)?.end ?? named.end, filter: { kind: 'place', not: false, places }, label };
}

/** "in London or Paris", "in France and Italy": photos of any of them. */
function withOthers(tokens: readonly Token[], first: Named, knowledge: Knowledge): Named[] {
  const all = [first];
  for (let end = first.end; ['and', 'or'].includes(wordAt(tokens, end)); ) {
    const next = nameAt(tokens, end + 1, knowledge);
    // "and" as often begins another thing that is seen.
    const isMeant = wordAt(tokens, end) === 'or' || next?.reading.hasPhotos || next?.reading.isWide;
    const isPlace = next && isMeant && !ordinaryWords.has(next.name);
    if (!isPlace) break;
    all.push(next);
    end = next.end;
  }
  return all;
}

/** Without a preposition only a place that the library has photos of, by a name that means nothing else. */
function bare(tokens: readonly Token[], at: number, knowledge: Knowledge): Found | null {
  const named = nameAt(tokens, at, knowledge);
  if (!named?.reading.hasPhotos || ordinaryWords.has(named.name)) return null;
  return {
    end: named.end,
    filter: { kind: 'place', not: false, places: named.reading.places() },
    label: named.reading.label,
  };
}

/** A name of surroundings rather than of a place, unless the library has photos of one. */
function isAside({ name, reading }: Named, { places }: Knowledge): boolean {
  return surroundingWords.has(name) && !(reading.hasPhotos && places.libraryHasPlaces);
}

/** The longest name of a place that begins here, with the region or country that follows it. */
function nameAt(tokens: readonly Token[], at: number, { places }: Knowledge): Named | null {
  let words = 0;
  while (words < mostWords && isNameWord(tokens[at + words])) words++;
  for (; words > 0; words--) {
    const name = nameOf(tokens, at, words);
    if (name.length < shortest && name !== 'uk' && name !== 'us') continue;
    const reading = places.read(name);
    if (!reading) continue;
    const end = at + words;
    return inOuter(tokens, end, name, places) ?? { end, reading, name };
  }
  return null;
}

function inOuter(tokens: readonly Token[], at: number, name: string, places: Knowledge['places']): Named | null {
  const sign = tokens[at];
  const start = sign?.kind === 'sign' && sign.text === ',' ? at + 1 : at;
  for (let words = 3; words > 0; words--) {
    if (!Array.from({ length: words }, (_, i) => tokens[start + i]).every(isNameWord)) continue;
    const reading = places.read(name, nameOf(tokens, start, words));
    if (reading) return { end: start + words, reading, name: `${name}, ${nameOf(tokens, start, words)}` };
  }
  return null;
}

function isNameWord(token: Token | undefined): boolean {
  return (
    token?.kind === 'word' &&
    !token.minus &&
    token.text !== 'OR' &&
    /^[\p{L}\p{M}]/u.test(token.text) &&
    !token.text.includes(':')
  );
}

function nameOf(tokens: readonly Token[], at: number, words: number): string {
  return tokens
    .slice(at, at + words)
    .map((token) => token.folded)
    .join(' ');
}
