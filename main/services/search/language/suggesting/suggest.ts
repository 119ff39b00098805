// Suggests what the word under the caret may become: the library's own words first, then phrases of the language. Shell process; pure.
import { foldedName } from '../../../../platform/gazetteer/folded-name.ts';
import { type KnownPhrase, keyValues } from './known-phrases.ts';
import { type OwnKind, type OwnWord, typedValue } from './own-words.ts';

export interface Suggestion {
  readonly kind: OwnKind | 'date' | 'syntax';
  readonly label: string;
  /** That have it; null for what is not of the library. */
  readonly photos: number | null;
  /** The typed text with the suggestion taken, and where the caret stands then, in UTF-16 units. */
  readonly text: string;
  readonly caret: number;
}

export interface Suggestable {
  readonly own: readonly OwnWord[];
  readonly phrases: readonly KnownPhrase[];
}

/** So many words before the caret may be the beginning of one name. */
const mostWords = 4;
const placeLeads = /(?:^|\s)(in|at|from|near|around)\s+$/iu;
const quotes = /["\u201c\u201d\u201e\u00ab\u00bb]/gu;

/** What is typed so far of something, and where it stands. */
interface Fragment {
  readonly from: number;
  readonly folded: string;
}

type Made = Omit<Suggestion, 'text' | 'caret'> & {
  readonly from: number;
  readonly typed: string;
  readonly isOpen: boolean;
};

/** Nothing where nothing has been begun, and within quotation marks. */
export function suggest(text: string, caret: number, { own, phrases }: Suggestable, limit: number): Suggestion[] {
  const at = Math.min(Math.max(0, caret), text.length);
  const before = text.slice(0, at);
  const keyed = /(?:^|\s)-?([a-z]+):["\u201c]?([^"\u201d:]*)$/iu.exec(before);
  const made = keyed ? valuesOf(keyed, at, own) : [];
  if (made.length === 0 && ((before.match(quotes)?.length ?? 0) % 2 === 1 || /:\S*$/u.test(before))) return [];
  const all = keyed && made.length > 0 ? made : [...ofOwn(before, own), ...ofPhrases(before, phrases)];
  const seen = new Set<string>();
  return all
    .map((one) => taken(one, text, at))
    .filter((one) => one.text.trim() !== text.trim() && !seen.has(one.text) && seen.add(one.text))
    .slice(0, limit);
}

/** Longest beginning first: "new yo" is nearer to "New York" than "yo" to "York". */
function fragmentsOf(before: string): readonly Fragment[] {
  const starts = [...before.matchAll(/[^\s,;|]+/gu)].slice(-mostWords).map((match) => match.index);
  if (/[\s,;|]$/u.test(before)) return [];
  return starts.map((from) => ({ from, folded: foldedName(before.slice(from).replace(/^-/u, '')) }));
}

function ofOwn(before: string, own: readonly OwnWord[]): Made[] {
  if (placeLeads.test(before))
    return own.filter(({ bare }) => bare !== null).map((word) => afterLead(word, before.length));
  const found: { readonly made: Made; readonly isInner: boolean }[] = [];
  const fragments = fragmentsOf(before);
  for (const { from, folded } of fragments) {
    if (folded.length < 2) continue;
    const isLed = placeLeads.test(before.slice(0, from));
    for (const word of own) {
      const isStart = word.folded.startsWith(folded);
      if (!isStart && !word.folded.includes(` ${folded}`)) continue;
      const made = isLed && word.bare !== null ? afterLead(word, from) : madeOf(word, from, word.typed);
      found.push({ made, isInner: !isStart });
    }
  }
  return found.sort((a, b) => Number(a.isInner) - Number(b.isInner)).map(({ made }) => made);
}

function afterLead(word: OwnWord, from: number): Made {
  return madeOf(word, from, word.bare ?? word.typed);
}

function madeOf({ kind, name, photos }: OwnWord, from: number, typed: string): Made {
  return { kind, label: name, photos, from, typed, isOpen: false };
}

function ofPhrases(before: string, phrases: readonly KnownPhrase[]): Made[] {
  return fragmentsOf(before).flatMap(({ from, folded }) =>
    phrases
      .filter(({ typed }) => folded !== '' && foldedName(typed).startsWith(folded))
      .map(({ kind, typed, isOpen }) => ({ kind, label: typed, photos: null, from, typed, isOpen })),
  );
}

/** Of a key whose value is being typed. */
function valuesOf([, key = '', value = '']: RegExpExecArray, at: number, own: readonly OwnWord[]): Made[] {
  const kind = key.toLowerCase() === 'near' ? 'place' : key.toLowerCase();
  const folded = foldedName(value);
  const from = at - value.length;
  const starts = (name: string): boolean => name.startsWith(folded) || name.includes(` ${folded}`);
  const words = own.filter((word) => word.kind === kind && starts(word.folded));
  const values = (keyValues.get(kind) ?? []).filter((known) => starts(foldedName(known.replace(quotes, ''))));
  return [
    ...words.map((word) => madeOf(word, from, typedValue(word.name))),
    ...values.map(
      (typed) =>
        ({
          kind: kind === 'date' ? 'date' : 'syntax',
          label: `${key}:${typed}`,
          photos: null,
          from,
          typed,
          isOpen: false,
        }) as const,
    ),
  ];
}

/** The rest of the word under the caret goes with its beginning; a quotation mark that was begun, too. */
function taken({ from, typed, isOpen, ...shown }: Made, text: string, at: number): Suggestion {
  const rest = text.slice(at).replace(/^[^\s,;|]+/u, '');
  const start = text.slice(0, from).replace(/(?<=:)["\u201c]$/u, '');
  const isGlued = isOpen && typed.endsWith(':');
  const space = isGlued || /^\s/u.test(rest) ? '' : ' ';
  const head = `${start}${typed}${space}`;
  return { ...shown, text: head + rest, caret: head.length };
}
