// A set of photos as bits by number, small enough to be handed from process to process with every key that is typed. Any process.

/** Plain data: bit `id & 31` of word `id >>> 5` is set for a photo of the set; photos past the last word are not in it. */
export interface PhotoSet {
  readonly bits: Uint32Array;
  /** Photos in the set. */
  readonly count: number;
}

const wordBits = 5;
const wordMask = 31;

/** Words that hold the numbers up to `maxId`. */
export function wordsFor(maxId: number): number {
  return (maxId >>> wordBits) + 1;
}

export function hasPhoto({ bits }: PhotoSet, photoId: number): boolean {
  return (((bits[photoId >>> wordBits] ?? 0) >>> (photoId & wordMask)) & 1) === 1;
}

/** Sets a photo's bit; `bits` must reach it. */
export function addPhoto(bits: Uint32Array, photoId: number): void {
  const word = photoId >>> wordBits;
  bits[word] = (bits[word] ?? 0) | (1 << (photoId & wordMask));
}

export function photoSetOf(photoIds: Iterable<number>): PhotoSet {
  const ids = [...photoIds];
  const bits = new Uint32Array(wordsFor(ids.reduce((most, id) => Math.max(most, id), 0)));
  for (const id of ids) addPhoto(bits, id);
  return counted(bits);
}

/** The set of these bits, which must not be changed any more. */
export function counted(bits: Uint32Array): PhotoSet {
  let count = 0;
  for (const word of bits) count += ones(word);
  return { bits, count };
}

/** Numbers of the photos, ascending. */
export function photosOf({ bits, count }: PhotoSet): Float64Array {
  const photoIds = new Float64Array(count);
  let at = 0;
  for (const [place, word] of bits.entries()) {
    for (let left = word; left !== 0; left &= left - 1)
      photoIds[at++] = place * (wordMask + 1) + (wordMask - Math.clz32(left & -left));
  }
  return photoIds;
}

/** Bits set in a word of 32 (Hacker's Delight, 5-2). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
