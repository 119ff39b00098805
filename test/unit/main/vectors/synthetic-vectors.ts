// Unit vectors shaped like those of image and text towers, from a seed: clusters in a latent space of decaying spectrum.

const latentDim = 200;

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface VectorModel {
  /** A photo's vector. */
  image(): Float32Array;
  /** A sentence's vector: near the photos' space, shifted by a constant gap and blurred. */
  text(): Float32Array;
}

/** Draws vectors of `dim` elements; the same seed gives the same draws. */
export function vectorModel(dim: number, seed: number): VectorModel {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const draw = (length: number): Float32Array => Float32Array.from({ length }, normal);
  const basis = Array.from({ length: latentDim }, () => draw(dim));
  const spectrum = Float32Array.from({ length: latentDim }, (_, i) => 1 / Math.sqrt(1 + i / 8));
  const centres = Array.from({ length: 64 }, () => draw(latentDim));
  const common = draw(dim);
  const gap = draw(dim);

  function project(blur: number, shift: number): Float32Array {
    const centre = centres[Math.floor(random() * centres.length)] as Float32Array;
    const vector = new Float32Array(dim);
    for (let i = 0; i < dim; i++) vector[i] = 6 * (common[i] as number) + shift * (gap[i] as number);
    for (let k = 0; k < latentDim; k++) {
      const weight = (spectrum[k] as number) * ((centre[k] as number) + blur * normal());
      const axis = basis[k] as Float32Array;
      for (let i = 0; i < dim; i++) vector[i] = (vector[i] as number) + weight * (axis[i] as number);
    }
    return unit(vector);
  }

  return { image: () => project(1, 0), text: () => project(1.4, 4) };
}

/** The vector scaled to length 1. */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}
