// One form for all spellings of a place's name. Any process; pure.
import { folded } from '../folded-words.ts';

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  þ: 'th',
};

/** Lower case without accents; letters of one language by those of English; hyphens and apostrophes as people leave them out or not; single spaces. */
export function foldedName(name: string): string {
  return folded(name)
    .replace(/[ßøłđðæœıþ]/gu, (letter) => letters[letter] ?? letter)
    .replace(/['\u2018\u2019\u02bb\u02bc\u00b4`.]/gu, '')
    .replace(/\bst\b/gu, 'saint')
    .replace(/[\s\-\u2010-\u2014/(),]+/gu, ' ')
    .trim();
}
