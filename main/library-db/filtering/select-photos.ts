// The photos that fulfil all conditions, as a set and in the order of a gallery. Library thread; pure.
import { counted, type PhotoSet, wordsFor } from '../../platform/photo-set.ts';
import type { PhotoTest } from './filter-tests.ts';
import { type PhotoColumns, photoFlags } from './photo-columns.ts';

/** Live photos that pass, or do not where `not`. */
export function photosThat(columns: PhotoColumns, test: PhotoTest, not: boolean): PhotoSet {
  const [size, flags] = [columns.size(), columns.held().flags];
  const bits = new Uint32Array(wordsFor(size));
  for (let first = 0; first < size; first += 32) {
    let word = 0;
    const last = Math.min(32, size - first);
    for (let bit = 0; bit < last; bit++) {
      const photoId = first + bit;
      if (((flags[photoId] as number) & photoFlags.live) !== 0 && test(photoId) !== not) word |= 1 << bit;
    }
    bits[first >>> 5] = word;
  }
  return counted(bits);
}

/** @param sets at least one, all of one length */
export function inAll(sets: readonly PhotoSet[]): PhotoSet {
  const [first, ...others] = sets;
  if (!first || others.length === 0) return first ?? counted(new Uint32Array(1));
  const bits = first.bits.slice();
  for (const { bits: other } of others)
    for (let word = 0; word < bits.length; word++) bits[word] = (bits[word] as number) & (other[word] ?? 0);
  return counted(bits);
}

/** The first `limit` of the photos in the order of a gallery: newest first, undated last, those of one time by falling number. */
export function newestOf(columns: PhotoColumns, photoIds: Float64Array, limit: number): number[] {
  const times = columns.held().newest;
  const timeOf = (photoId: number): number => times[photoId] as number;
  // Sorting numbers is native; sorting a million by a comparison takes a second.
  const sorted = Float64Array.from(photoIds, timeOf).sort();
  const least = sorted[Math.max(0, sorted.length - limit)] ?? Number.NEGATIVE_INFINITY;
  const newer = Array.from(photoIds.filter((photoId) => timeOf(photoId) > least));
  const equal = photoIds.filter((photoId) => timeOf(photoId) === least).reverse();
  return [
    ...newer.sort((a, b) => timeOf(b) - timeOf(a) || b - a),
    ...equal.subarray(0, Math.max(0, limit - newer.length)),
  ];
}
