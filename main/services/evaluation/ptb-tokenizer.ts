// Splits captions into the lower-case words that published caption scores are computed on. Pure; runs where evaluation runs.

/**
 * [Note: Penn Treebank words]
 * Published scores come from a Java lexer run with `-preserveLines -lowerCase`, then a list of punctuation marks taken out. A score
 * depends on every choice it makes ("isn't" counts as two words, "o'clock" as one), so this file follows what that lexer was seen
 * to do with captions, by trial: at each place the longest of the rules below wins, the earlier one on a tie. Not followed: e-mail
 * addresses, tags with attributes, and other things that nobody writes into a caption.
 */

type Emit = (match: string) => readonly string[];
interface Rule {
  pattern: RegExp;
  emit: Emit;
}

const asIs: Emit = (match) => [match];
const nothing: Emit = () => [];

const letters = String.raw`[\p{L}\p{M}]+`;
const word = String.raw`[\p{L}\p{M}\p{Nd}]+`;
const hyphenated = `${word}(?:[-_‐‑]${word})*`;
const number = String.raw`[-+]?(?:\d*(?:[.,:]\d+)+|\d+)`;
const end = String.raw`(?![\p{L}\p{M}\p{Nd}])`;

/** Shortened words that keep their full stop. Most others ("in.", "lb.") lose it. */
const abbreviations = [
  'mr mrs ms dr prof gen rep sen gov rev st jr sr lt col sgt capt maj cpl ave blvd rd mt co corp inc ltd bros vs v etc est al p tel cf dept ft',
  'jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri',
]
  .join(' ')
  .replaceAll(' ', '|');

/** Words whose inner apostrophe neither splits nor quotes. */
const apostropheWords =
  "ma['’]am|ne['’]er|e['’]er|hallowe['’]en|hawai['’]i|you['’]all|s['’]mores|c['’]mon|qu['’]il|c['’]est";

const joinedPairs: Readonly<Record<string, readonly [string, string]>> = {
  cannot: ['can', 'not'],
  gonna: ['gon', 'na'],
  gotta: ['got', 'ta'],
  wanna: ['wan', 'na'],
  lemme: ['lem', 'me'],
  gimme: ['gim', 'me'],
};

const symbols: Readonly<Record<string, string>> = {
  '(': '-lrb-',
  ')': '-rrb-',
  '[': '-lsb-',
  ']': '-rsb-',
  '{': '-lcb-',
  '}': '-rcb-',
  '£': '#',
  '€': '$',
  '¢': 'cents',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '⅓': '1/3',
  '⅔': '2/3',
};

function rule(source: string, emit: Emit = asIs, flags = 'i'): Rule {
  return { pattern: new RegExp(source, `uy${flags}`), emit };
}

const straightApostrophe: Emit = (match) => [match.replace('’', "'")];

const rules: readonly Rule[] = [
  // What takes part in no word: spaces, quotes, dashes, full stops in any number, and single marks.
  rule(String.raw`\s+|&nbsp;|["“”«»‘’‹›\x60']|''|\x60\x60|&quot;|-+|[–—―‐‑]|\.+|…|[,:;?!]`, nothing),
  // Pictographs outside the basic plane are unknown to the lexer and vanish; so do the selectors that follow them.
  rule(String.raw`[\u{10000}-\u{10ffff}\ufe0e\ufe0f\u200d]`, nothing),
  rule(String.raw`[?!]{2,}|_+|@+|#+|\*+|<+|>+|-_-|\^_\^`),
  rule(String.raw`[^\p{L}\p{M}\p{Nd}\s]`, (match) => [symbols[match] ?? match]),
  rule(`&(?:amp|lt|gt);`, (match) => [{ '&amp;': '&', '&lt;': '<' }[match.toLowerCase()] ?? '>']),
  rule(`[:;=]['-]?(?:[()]|[DPp3]${end})`, (match) => [match.replace('(', '-lrb-').replace(')', '-rrb-')], ''),
  rule(String.raw`</?[a-z][^<>\s]*>|https?://\S+`),
  rule(`[#@]${letters}`),
  rule(String.raw`[A-Z]{1,2}\$|[A-Z]+&[A-Z]+`, asIs, ''),
  // Numbers, and words of letters, digits, hyphens, at most two slashes, or inner full stops.
  rule(number),
  rule(`${number}(?:-${word})+`),
  rule(hyphenated, (match) => joinedPairs[match.toLowerCase()] ?? [match]),
  rule(`${hyphenated}(?:/${hyphenated}){1,2}`),
  rule(String.raw`${letters}\p{Nd}*(?:\.\p{L}[\p{L}\p{M}\p{Nd}]*)+`),
  rule(String.raw`\p{L}(?:\.\p{L})*\.(?!\p{L}\p{L})|(?:${abbreviations})\.|ph\.d\.|no\.(?=\s*\d)`),
  rule(String.raw`${hyphenated}\.(?=,)`),
  rule(`${letters}(?:[!?]${letters})+`),
  // Apostrophes: endings are words of their own, a few beginnings stay on.
  rule(`['’](?:s|m|d|re|ve|ll)${end}`, straightApostrophe),
  rule(String.raw`\p{L}*n['’\x60]t${end}`, (match) => [match.slice(0, -3), match.slice(-3).replace('’', "'")]),
  rule(`[odln]['’](?!(?:s|m|d|re|ve|ll)${end})${letters}|(?:${apostropheWords})${end}`),
  rule(String.raw`y['’](?=\p{L})|ol['’]${end}`),
  rule(String.raw`['’]n['’]|['’](?:em|cause|till?|n)${end}|(?<!\d)['’]\d\ds?(?!['’])${end}`),
  rule(`['’]t(?:is|was)${end}`, (match) => [`'${match.slice(1, 2)}`, match.slice(2)]),
];

/** Sets `lastIndex` before each use: the rules are shared, and nothing of one call may reach the next. */
function longestMatch(text: string, at: number): { length: number; emit: Emit } {
  let best = { length: 0, emit: nothing };
  for (const { pattern, emit } of rules) {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? 0;
    if (length > best.length) best = { length, emit };
  }
  return best;
}

/** The words of a caption in order, lower case, without punctuation. See [Note: Penn Treebank words]. */
export function tokeniseCaption(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const { length, emit } = longestMatch(text, at);
    // A character that no rule knows is passed over.
    const step = Math.max(length, 1);
    for (const token of emit(text.slice(at, at + step))) if (token !== '') tokens.push(token.toLowerCase());
    at += step;
  }
  return tokens;
}
