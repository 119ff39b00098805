// Turns what a person typed into full-text terms that cannot fail and mean what they meant. Library thread.

/** More words than any sentence has; a pasted page would only slow the answer. */
const mostWords = 64;
/** No indexed word is longer. */
const longestWord = 64;
/** The last word may be unfinished; shorter beginnings match too much to rank in time. */
const shortestPrefix = 3;

/** Words that carry no picture. They count only where the text has no others. */
const stopWords = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing
  down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no nor
  not now of off on once only or other our out over own same she should so some such than that the their them then there these they this those
  through to too under until up very was we were what when where which while who whom why will with would you your`.split(
    /\s+/u,
  ),
);

/** The text's words as FTS5 terms, none where it has none. Every word is quoted, so nothing in it is an operator. */
export function wordTerms(text: string): string[] {
  const all = words(text);
  const telling = all.filter((word) => !stopWords.has(word));
  const chosen = [...new Set(telling.length > 0 ? telling : all)].slice(0, mostWords);
  const last = all.at(-1) ?? '';
  const terms = chosen.map((word) => `"${word}"`);
  if (chosen.includes(last) && [...last].length >= shortestPrefix && endsInWord(text)) terms.push(...unfinished(last));
  return terms;
}

function words(text: string): string[] {
  const found =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return found.slice(0, 4 * mostWords).map((word) => [...word].slice(0, longestWord).join(''));
}

function endsInWord(text: string): boolean {
  return /[\p{L}\p{M}\p{N}]$/u.test(text);
}

/** What the last word may become. The index holds stems, so that a half-typed ending ("runn", "playin") begins no word in it: its stem is asked too. */
function unfinished(word: string): string[] {
  const terms = [`"${word}"*`];
  const stem = word.replace(/in?$/u, '').replace(/([b-df-hj-np-tv-z])\1$/u, '$1');
  if (stem !== word && [...stem].length >= shortestPrefix) terms.push(`"${stem}"`);
  return terms;
}
