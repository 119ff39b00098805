// Which photos are right for a caption, by what people said of them. Pure; runs where evaluation runs.

/** Captions of all photos: one sentence vector each, unit length, and the place of the photo that it belongs to; captions of a photo follow each other. */
export interface CaptionVectors {
  readonly vectors: readonly Float32Array[];
  readonly owners: readonly number[];
  readonly photos: number;
}

/** Of the figure over captions and their own photos: three in four of them are right. */
const rightQuantile = 0.25;

/** Mean similarity of caption `query` to the captions of each photo, itself left out. */
export function humanSimilarity(captions: CaptionVectors, query: number): Float32Array {
  const sums = new Float32Array(captions.photos);
  const counts = new Uint16Array(captions.photos);
  const asked = captions.vectors[query] as Float32Array;
  for (const [k, vector] of captions.vectors.entries()) {
    if (k === query) continue;
    const owner = captions.owners[k] as number;
    let product = 0;
    for (let i = 0; i < vector.length; i++) product += (vector[i] as number) * (asked[i] as number);
    sums[owner] = (sums[owner] as number) + product;
    counts[owner] = (counts[owner] as number) + 1;
  }
  return sums.map((sum, photo) => sum / Math.max(1, counts[photo] as number));
}

/** @param ofOwn similarity of each caption to its own photo. @returns from where on a photo is right. */
export function rightFrom(ofOwn: readonly number[]): number {
  const sorted = Float64Array.from(ofOwn).sort();
  const place = rightQuantile * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (place - Math.floor(place)) * (above - below);
}
