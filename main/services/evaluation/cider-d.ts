// CIDEr-D (Vedantam, Zitnick, Parikh 2015): tf-idf weighted agreement of word runs. Pure; runs where evaluation runs.
import { countNgrams, maxOrder } from './ngrams.ts';
import type { TokenisedCaption } from './tokenised-caption.ts';

/** Width of the Gaussian that punishes captions longer or shorter than the reference. */
const sigma = 6;
/** The published scale: 10 means identical to every reference. */
const scale = 10;

interface Weighted {
  /** One tf-idf vector for each order, keyed by run. */
  vectors: Map<string, number>[];
  norms: number[];
  /** Number of two-word runs, the length that `pycocoevalcap` compares. */
  length: number;
}

/**
 * [Note: Cider is CIDEr-D]
 * The class that `pycocoevalcap` calls `Cider` has both changes that make it the "D" variant: counts of the candidate clipped to the
 * reference's, and the length penalty (sigma 6). It differs from the paper in one point kept here: the weights are not stemmed.
 * Document frequencies come from the references being evaluated (a document is a photo), so a score is comparable only over the
 * same set of photos, and a set of a single photo scores 0.
 */
export function meanCiderD(captions: readonly TokenisedCaption[]): number {
  const references = captions.map((caption) => caption.references.map(countNgrams));
  const inverseFrequency = inverseDocumentFrequency(references);
  let sum = 0;
  for (const [index, { candidate }] of captions.entries()) {
    const own = weigh(countNgrams(candidate), inverseFrequency);
    const counted = references[index] ?? [];
    let agreement = 0;
    for (const reference of counted) agreement += similarity(own, weigh(reference, inverseFrequency));
    sum += (scale * agreement) / counted.length;
  }
  return sum / captions.length;
}

function inverseDocumentFrequency(photos: readonly Map<string, number>[][][]): (ngram: string) => number {
  const photosWith = new Map<string, number>();
  for (const references of photos) {
    const seen = new Set(references.flatMap((reference) => reference.flatMap((counts) => [...counts.keys()])));
    for (const ngram of seen) photosWith.set(ngram, (photosWith.get(ngram) ?? 0) + 1);
  }
  const logPhotos = Math.log(photos.length);
  return (ngram) => logPhotos - Math.log(photosWith.get(ngram) ?? 1);
}

function weigh(counts: readonly Map<string, number>[], inverseFrequency: (ngram: string) => number): Weighted {
  const vectors = counts.map(
    (order) => new Map([...order].map(([ngram, count]) => [ngram, count * inverseFrequency(ngram)])),
  );
  const norms = vectors.map((vector) => Math.sqrt([...vector.values()].reduce((sum, value) => sum + value ** 2, 0)));
  const length = [...(counts[1]?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  return { vectors, norms, length };
}

/** Mean over the orders of the clipped cosine, times the length penalty; 0 to 1. */
function similarity(candidate: Weighted, reference: Weighted): number {
  let sum = 0;
  for (const [order, vector] of candidate.vectors.entries()) {
    const other = reference.vectors[order];
    const norms = (candidate.norms[order] ?? 0) * (reference.norms[order] ?? 0);
    if (other === undefined || norms === 0) continue;
    let product = 0;
    for (const [ngram, weight] of vector) {
      const otherWeight = other.get(ngram) ?? 0;
      product += Math.min(weight, otherWeight) * otherWeight;
    }
    sum += product / norms;
  }
  const penalty = Math.exp(-((candidate.length - reference.length) ** 2) / (2 * sigma ** 2));
  return (penalty * sum) / maxOrder;
}
