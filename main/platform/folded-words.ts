// One form for all spellings of a text that a person takes for the same: case, accents, punctuation. Any process.

/** Lower case, Latin letters without accents: what the full-text index holds for one word, too. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFC');
}

/** The words of a text, folded, in order. */
export function foldedWords(text: string): string[] {
  return folded(text).match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu) ?? [];
}
