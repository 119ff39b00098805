// Conditions of the photo itself in plain words: stars, favourites, captions, file types, orientation, camera, lens. Shell process; pure.
import type { Filter } from '../parsed-query.ts';
import { numberWords } from './dates/date-words.ts';
import { typeOf } from './file-types.ts';
import { type Found, type Recognise, sequenceAt, sequencesOf, typedWords, wordAt } from './recognise.ts';
import type { Token } from './tokens.ts';

const photoWords: ReadonlySet<string> = new Set(
  'photo photos picture pictures image images shot shots file files'.split(' '),
);
const mostStars = 5;
const cameraLeads = sequencesOf([
  'shot on',
  'shot with',
  'taken with',
  'taken on',
  'captured with',
  'captured on',
  'photographed with',
]);

const starBounds = sequencesOf(['at least', 'more than', 'at most']);
const starMores = sequencesOf(['or more', 'or better', 'and more', 'and up']);
const ownCaptions = sequencesOf([
  'captioned by me',
  'with my caption',
  'with my captions',
  'with my own caption',
  'with my own captions',
]);
const noCaptions = sequencesOf([
  'uncaptioned',
  'without a caption',
  'without captions',
  'without caption',
  'with no caption',
  'with no captions',
  'no caption',
]);
const anyCaptions = sequencesOf(['with a caption', 'with captions', 'with caption', 'captioned']);
const lensLeads = sequencesOf(['with a', 'with an', 'with the', 'with my', 'with']);

type Reader = (tokens: readonly Token[], at: number) => { readonly end: number; readonly filter: Filter } | null;

export const photoPhrase: Recognise = (tokens, at, knowledge) => {
  for (const read of [rating, favourite, caption, fileType, orientation, lens] satisfies Reader[]) {
    const found = read(tokens, at);
    if (found) return { ...found, label: typedWords(tokens, at, found.end) };
  }
  return camera(tokens, at, knowledge);
};

/** "4 stars", "4+ stars", "at least 3 stars", "3 to 5 stars", "3 stars or more", "rated 4", "unrated". */
const rating: Reader = (tokens, at) => {
  if (wordAt(tokens, at) === 'unrated') return stars(at + 1, 0, 0);
  const rated = wordAt(tokens, at) === 'rated' ? 1 : 0;
  const least = sequenceAt(tokens, at + rated, starBounds);
  const bound = least > 0 ? wordAt(tokens, at + rated + 1) : '';
  const first = starNumber(wordAt(tokens, at + rated + least));
  if (first === null) return null;
  let end = at + rated + least + 1;
  const last = ['to', 'or', '-'].includes(wordAt(tokens, end)) ? starNumber(wordAt(tokens, end + 1)) : null;
  if (last !== null) end += 2;
  const isStars =
    wordAt(tokens, end) === 'stars' || (wordAt(tokens, end) === 'star' && photoWords.has(wordAt(tokens, end + 1)));
  if (isStars) end += wordAt(tokens, end) === 'star' ? 2 : 1;
  else if (!rated) return null;
  const more = sequenceAt(tokens, end, starMores);
  if (more > 0 || bound === 'least' || first.isLeast) return stars(end + more, first.stars, mostStars);
  if (bound === 'than') return first.stars < mostStars ? stars(end, first.stars + 1, mostStars) : null;
  if (bound === 'most') return stars(end, 0, first.stars);
  const other = last?.stars ?? first.stars;
  return stars(end, Math.min(first.stars, other), Math.max(first.stars, other));
};

function stars(end: number, least: number, most: number): { end: number; filter: Filter } {
  return { end, filter: { kind: 'rating', not: false, least, most } };
}

function starNumber(word: string): { readonly stars: number; readonly isLeast: boolean } | null {
  const named = word === 'a' || word === 'an' ? undefined : numberWords.get(word);
  const match = /^(\d)(\+?)$/u.exec(word);
  const number = named ?? (match ? Number(match[1]) : null);
  return number !== null && number <= mostStars ? { stars: number, isLeast: match?.[2] === '+' } : null;
}

const favourite: Reader = (tokens, at) => {
  const start = ['my', 'the'].includes(wordAt(tokens, at)) ? at + 1 : at;
  const word = wordAt(tokens, start);
  const filter = { kind: 'favourite', not: false } as const;
  if (['favourites', 'favorites', 'starred'].includes(word)) return { end: start + 1, filter };
  const isPhotos = ['favourite', 'favorite'].includes(word) && photoWords.has(wordAt(tokens, start + 1));
  return isPhotos ? { end: start + 2, filter } : null;
};

const caption: Reader = (tokens, at) => {
  const own = sequenceAt(tokens, at, ownCaptions);
  if (own > 0) return { end: at + own, filter: { kind: 'caption', not: false, of: 'person' } };
  const none = sequenceAt(tokens, at, noCaptions);
  if (none > 0) return { end: at + none, filter: { kind: 'caption', not: true, of: 'anyone' } };
  const any = sequenceAt(tokens, at, anyCaptions);
  return any > 0 ? { end: at + any, filter: { kind: 'caption', not: false, of: 'anyone' } } : null;
};

/** "pngs", "png files", "gif", ".webp". */
const fileType: Reader = (tokens, at) => {
  const type = typeOf(wordAt(tokens, at).replace(/^\./u, ''));
  if (!type) return null;
  return {
    end: at + (photoWords.has(wordAt(tokens, at + 1)) ? 2 : 1),
    filter: { kind: 'type', not: false, types: [type] },
  };
};

/** "landscape" and "portrait" alone are what a photo shows. */
const orientation: Reader = (tokens, at) => {
  const start = wordAt(tokens, at) === 'in' ? at + 1 : at;
  const word = wordAt(tokens, start);
  const next = wordAt(tokens, start + 1);
  const shape = word === 'vertical' ? 'portrait' : word === 'horizontal' ? 'landscape' : word;
  if (shape !== 'landscape' && shape !== 'portrait' && shape !== 'square') return null;
  const isSaid = ['orientation', 'format', 'mode'].includes(next);
  const isOfPhotos = photoWords.has(next) && (word !== shape || word === 'square');
  if (!isSaid && !isOfPhotos) return null;
  return { end: start + 2, filter: { kind: 'orientation', not: false, orientation: shape } };
};

/** "50mm lens", "with a 24-70 mm lens". */
const lens: Reader = (tokens, at) => {
  const led = sequenceAt(tokens, at, lensLeads);
  const start = at + led;
  const match = /^(\d{1,4}(?:[-\u2013]\d{1,4})?)(mm)?$/u.exec(wordAt(tokens, start));
  if (!match) return null;
  const unitEnd = match[2] ? start + 1 : wordAt(tokens, start + 1) === 'mm' ? start + 2 : 0;
  if (unitEnd === 0 || wordAt(tokens, unitEnd) !== 'lens') return null;
  return {
    end: unitEnd + 1,
    filter: { kind: 'lens', not: false, words: [`${(match[1] ?? '').replace('\u2013', '-')}mm`] },
  };
};

/** "shot on iPhone", "taken with my Nikon D750": words of a camera that the library has photos of. */
const camera: Recognise = (tokens, at, { cameras }) => {
  const led = sequenceAt(tokens, at, cameraLeads);
  if (led === 0) return null;
  const start = at + led + (['a', 'an', 'my', 'the'].includes(wordAt(tokens, at + led)) ? 1 : 0);
  const words: string[] = [];
  while (words.length < 5) {
    const word = wordAt(tokens, start + words.length);
    if (word === '' || !cameras.some((name) => [...words, word].every((part) => name.includes(part)))) break;
    words.push(word);
  }
  if (words.length === 0) return null;
  const end = start + words.length;
  const found: Found = { end, filter: { kind: 'camera', not: false, words }, label: typedWords(tokens, start, end) };
  return found;
};
