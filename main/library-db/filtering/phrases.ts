// The photos whose texts hold some words in a certain order, letter for letter but for case and accents. Library thread.
import { foldedWords } from '../../platform/folded-words.ts';
import { type PhotoSet, photoSetOf } from '../../platform/photo-set.ts';
import type { OpenStore } from '../open-store.ts';

/** The full-text index proposes: it knows words by their stems, and nothing of where a caption ends. */
export function photosWithPhrase({ filters }: OpenStore, words: readonly string[]): PhotoSet {
  const wanted = ` ${words.join(' ')} `;
  const photoIds: number[] = [];
  for (const [photoId, ...texts] of filters.phrase(matchOf(words)))
    if (texts.some((text) => text.split('\n').some((line) => ` ${foldedWords(line).join(' ')} `.includes(wanted))))
      photoIds.push(photoId);
  return photoSetOf(photoIds);
}

/** Texts may be stored with letters and accents apart, which the index takes for others than the two together. */
function matchOf(words: readonly string[]): string {
  const phrase = words.join(' ');
  return [...new Set([phrase.normalize('NFC'), phrase.normalize('NFD')])].map((text) => `"${text}"`).join(' OR ');
}
