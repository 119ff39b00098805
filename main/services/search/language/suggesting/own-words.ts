// The library's own words as they are suggested: each with what is typed for it. Shell process; pure.
import { foldedName } from '../../../../platform/gazetteer/folded-name.ts';
import type { Gazetteer, PlaceCode } from '../../../../platform/gazetteer/gazetteer.ts';
import type { CountedPlace, CountedWord, Vocabulary } from '../vocabulary.ts';

export type OwnKind = 'place' | 'camera' | 'lens' | 'folder' | 'keyword';

export interface OwnWord {
  readonly kind: OwnKind;
  /** As shown. */
  readonly name: string;
  readonly folded: string;
  readonly photos: number;
  /** The whole condition: `camera:"Canon EOS 5D"`, `in Paris`. */
  readonly typed: string;
  /** What stands after a preposition; null for what is no place, and for names that only `place:` takes. */
  readonly bare: string | null;
}

/** Of each kind, the commonest: what is rarer is typed in full. */
const mostOfKind = 1_000;

/** Gives the folded form of a name. */
export type Fold = (name: string) => string;

/** Folding costs some microseconds, and a library's words are mostly those of half a minute ago. */
export function rememberingFold(): Fold {
  const before = new Map<string, string>();
  return (name) => {
    const known = before.get(name);
    if (known !== undefined) return known;
    const made = foldedName(name);
    if (before.size >= 10 * mostOfKind) before.clear();
    before.set(name, made);
    return made;
  };
}

/** Commonest first within each kind. @param gazetteer null until it is open: places are then cities alone, great ones by their quarters. */
export function ownWordsOf(
  vocabulary: Vocabulary,
  gazetteer: Gazetteer | null,
  fold: Fold = foldedName,
): readonly OwnWord[] {
  const { folders, cameras, lenses, keywords, places } = vocabulary;
  const word = (kind: OwnKind, { text, photos }: CountedWord, typed: string): OwnWord => ({
    kind,
    name: text,
    folded: fold(plain(text)),
    photos,
    typed,
    bare: null,
  });
  const keyed = (kind: 'folder' | 'camera' | 'lens', words: readonly CountedWord[]): OwnWord[] =>
    words.slice(0, mostOfKind).map((one) => word(kind, one, `${kind}:${typedValue(one.text)}`));
  return [
    ...placeWords(places, gazetteer, fold),
    ...keyed('folder', folders),
    ...keyed('camera', cameras),
    ...keyed('lens', lenses),
    ...keywords.slice(0, mostOfKind).map((one) => word('keyword', one, `"${plain(one.text)}"`)),
  ].filter(({ folded }) => folded !== '');
}

/** Quoted where it has to be. */
export function typedValue(text: string): string {
  const value = plain(text);
  return /^[\p{L}\p{N}_-]+$/u.test(value) ? value : `"${value}"`;
}

/** No quotation mark can be typed within a quoted value. */
function plain(text: string): string {
  return text.replace(/["\u201c\u201d\u201e\u00ab\u00bb]/gu, '').trim();
}

interface CountedName {
  readonly name: string;
  /** What tells it from others of its name. */
  readonly outer: string | null;
  photos: number;
}

/** Photos of a city are photos of its region and its country, too; those of a quarter are the city's. */
function placeWords(counted: readonly CountedPlace[], gazetteer: Gazetteer | null, fold: Fold): OwnWord[] {
  const byCode = new Map<string, CountedName>();
  function count(code: PlaceCode, name: string | undefined, outer: string | undefined, photos: number): void {
    if (name === undefined) return;
    const key = `${code.country}/${code.region ?? ''}/${code.city ?? ''}`;
    const before = byCode.get(key);
    if (before) before.photos += photos;
    else byCode.set(key, { name, outer: outer ?? null, photos });
  }
  for (const { country, region, city, photos } of counted) {
    const inRegion = { country, ...(region !== null && { region }) };
    const countryName = gazetteer?.countryName(country);
    const regionName = region === null ? undefined : gazetteer?.regionName(region);
    count({ country }, countryName, undefined, photos);
    if (region !== null) count(inRegion, regionName, countryName, photos);
    if (city === null) continue;
    const whole = gazetteer?.cityOf({ ...inRegion, city }) ?? { ...inRegion, city };
    count(whole, whole.city, regionName ?? countryName, photos);
  }
  const places = [...byCode.values()].sort((a, b) => b.photos - a.photos).slice(0, mostOfKind);
  const uses = new Map<string, number>();
  for (const { name } of places) uses.set(fold(name), (uses.get(fold(name)) ?? 0) + 1);
  return places.map((place) => placeWord(place, (uses.get(fold(place.name)) ?? 0) > 1, fold));
}

function placeWord({ name, outer, photos }: CountedName, isShared: boolean, fold: Fold): OwnWord {
  const full = isShared && outer !== null && fold(outer) !== fold(name) ? `${name}, ${outer}` : name;
  // Names that the parser does not take for names after a preposition.
  const isPlain = /^[\p{L}\p{M}][\p{L}\p{M}'\u2019.-]*(?:,? [\p{L}\p{M}][\p{L}\p{M}'\u2019.-]*){0,4}$/u.test(full);
  const typed = isPlain ? `in ${full}` : `place:${typedValue(full)}`;
  return { kind: 'place', name: full, folded: fold(plain(full)), photos, typed, bare: isPlain ? full : null };
}
