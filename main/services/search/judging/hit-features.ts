// What is known of a hit that tells how likely it is right: where its scores stand among those of the query. Pure; shell process.
import { captionScores, type QuerySignals } from '../signals.ts';

/** In the order of the numbers of `hitFeatures`; a pack's judgement has a centre and a scale for each. */
export const featureNames = [
  'picture cosine',
  'picture place',
  'text cosine',
  'text place',
  'is own text',
  'words',
  'lead over the tenth',
  'behind the first',
  'mean of pictures',
  'deviation of pictures',
  'mean of texts',
  'best text',
  'words asked',
] as const;

/** Beyond these a feature says no more than at them: val has nothing to learn it from. */
const mostWords = 6;
const mostPlace = 8;
const tenth = 9;

/**
 * One row of numbers for each of the first `count` hits.
 *
 * @param order places in `signals.photoIds`, best first. @param scores the fused scores, aligned with `photoIds`.
 */
export function hitFeatures(
  signals: QuerySignals,
  scores: ArrayLike<number>,
  order: readonly number[],
  count: number,
): number[][] {
  const { embedding, caption, own, words, wordCount } = signals;
  const texts = captionScores(signals);
  const asked = Math.max(1, wordCount);
  const scoreAt = (place: number): number => scores[order[Math.min(place, order.length - 1)] as number] as number;
  let bestText = 0;
  for (const i of order.slice(0, 100)) bestText = Math.max(bestText, known(texts[i], caption.mean));
  return order.slice(0, count).map((i) => {
    const text = known(texts[i], caption.mean);
    const picture = known(embedding.scores[i], embedding.mean);
    return [
      picture,
      place(picture, embedding),
      text,
      place(text, caption.rows > 0 ? caption : own),
      Number.isNaN(own.scores[i] ?? Number.NaN) ? 0 : 1,
      Math.min(mostWords, (words[i] ?? 0) / asked),
      Math.min(mostPlace, (scores[i] as number) - scoreAt(tenth)),
      Math.max(-mostPlace, (scores[i] as number) - scoreAt(0)),
      embedding.mean,
      embedding.deviation,
      caption.mean,
      bestText,
      Math.log(asked),
    ];
  });
}

/** What was not looked at is an average one. */
function known(score: number | undefined, mean: number): number {
  return score === undefined || Number.isNaN(score) ? mean : score;
}

function place(score: number, { mean, deviation }: { mean: number; deviation: number }): number {
  return deviation < 1e-6 ? 0 : Math.max(-mostPlace, Math.min(mostPlace, (score - mean) / deviation));
}
