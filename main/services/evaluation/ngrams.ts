// Counts runs of words, the raw material of BLEU and CIDEr-D. Pure; runs where evaluation runs.

/** Both scores look at runs of one to four words. */
export const maxOrder = 4;

/** How often each run occurs; index 0 holds single words, index 3 runs of four. Keys join words by a space, which no word contains. */
export function countNgrams(words: readonly string[]): Map<string, number>[] {
  return Array.from({ length: maxOrder }, (_, index) => {
    const counts = new Map<string, number>();
    for (let start = 0; start + index < words.length; start += 1) {
      const key = words.slice(start, start + index + 1).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  });
}
