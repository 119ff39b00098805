// How much two sentences say the same in the same words. Inference process; pure.

const longest = 4;
type Counts = ReadonlyMap<string, number>;

/** n-grams of a sentence with their counts, n = 1 to 4; its begin and end count as words, so a cut-off sentence differs from a whole one. */
export function ngramsOf(sentence: string): Counts[] {
  const words = ['<', ...sentence.split(' '), '>'];
  return Array.from({ length: longest }, (_, order) => {
    const counts = new Map<string, number>();
    for (let i = 0; i + order < words.length; i += 1) {
      const gram = words.slice(i, i + order + 1).join(' ');
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return counts;
  });
}

/** Mean Dice coefficient of the n-grams of each length, 0 to 1: 1 for the same sentence. */
export function ngramOverlap(a: readonly Counts[], b: readonly Counts[]): number {
  const dice = a.map((counts, order) => diceOf(counts, b[order] ?? new Map()));
  return dice.reduce((sum, value) => sum + value, 0) / dice.length;
}

function diceOf(a: Counts, b: Counts): number {
  let shared = 0;
  for (const [gram, count] of a) shared += Math.min(count, b.get(gram) ?? 0);
  return (2 * shared) / Math.max(1, total(a) + total(b));
}

function total(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
