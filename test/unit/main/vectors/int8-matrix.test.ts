// The int8 matrix and its kernel against plain arithmetic. Needs `npm run build`.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { photoSetOf } from '../../../../main/platform/photo-set.ts';
import { createInt8Matrix } from '../../../../main/vectors/int8-matrix.ts';
import { loadKernel } from '../../../../main/vectors/kernel/load-kernel.ts';
import { maxDim, quantiseQuery, quantiseRow } from '../../../../main/vectors/quantise.ts';
import { dot } from './float-oracle.ts';
import { seededRandom, unit, vectorModel } from './synthetic-vectors.ts';

const kernel = loadKernel();

/** What the kernel must compute, in the same integers. */
function quantisedScore(row: Float32Array, query: Float32Array): number {
  const rowIntegers = new Int8Array(row.length);
  const queryIntegers = new Int16Array(query.length);
  const scale = Math.fround(quantiseRow(row, rowIntegers));
  const queryScale = Math.fround(quantiseQuery(query, queryIntegers));
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (rowIntegers[i] as number) * (queryIntegers[i] as number);
  return Math.fround(Math.fround(Math.fround(sum) * scale) * queryScale);
}

describe('int8 matrix', () => {
  it('computes every score exactly as the same integers do in JavaScript, for any size', () => {
    const element = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }).chain((dim) => {
          const vector = fc.array(element, { minLength: dim, maxLength: dim }).map((v) => Float32Array.from(v));
          return fc.record({ query: vector, rows: fc.array(vector, { minLength: 1, maxLength: 23 }) });
        }),
        ({ query, rows }) => {
          const matrix = createInt8Matrix(kernel, query.length);
          for (const [i, row] of rows.entries()) matrix.set(i, row);
          const expected = rows
            .map((row, photoId) => ({ photoId, score: quantisedScore(row, query) }))
            .sort((a, b) => b.score - a.score || a.photoId - b.photoId);
          const result = matrix.scan(query, rows.length);
          expect(result.scores).toEqual(expected.map((hit) => hit.score));
          expect(result.photoIds).toEqual(expected.map((hit) => hit.photoId));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the best whatever the order of rows, over more than one block', () => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 9_001 }, () => unit(Float32Array.from({ length: 16 }, () => random() - 0.5)));
    const query = unit(Float32Array.from({ length: 16 }, () => random() - 0.5));
    const scores = rows.map((row) => quantisedScore(row, query));
    const best = [...scores].sort((a, b) => b - a);
    for (const keep of [1, 2, 7, 100, 9_001, 20_000]) {
      const matrix = createInt8Matrix(kernel, 16);
      for (const [i, row] of rows.entries()) matrix.set(i, row);
      expect(matrix.scan(query, keep).scores).toEqual(best.slice(0, keep));
    }
  });

  it('reports mean and deviation of all scores', () => {
    const model = vectorModel(512, 3);
    const query = model.text();
    const rows = Array.from({ length: 500 }, () => model.image());
    const matrix = createInt8Matrix(kernel, 512);
    for (const [i, row] of rows.entries()) matrix.set(i, row);
    const scores = rows.map((row) => dot(row, query));
    const mean = scores.reduce((a, b) => a + b) / scores.length;
    const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
    const result = matrix.scan(query, 1);
    expect(result.mean).toBeCloseTo(mean, 3);
    expect(result.deviation).toBeCloseTo(deviation, 3);
  });

  it('gives one score for a row whether all are scanned, some of a large library, or it alone', () => {
    const random = seededRandom(8);
    const draw = (): Float32Array => unit(Float32Array.from({ length: 16 }, () => random() - 0.5));
    const photos = 140_000;
    const rows = Array.from({ length: photos }, draw);
    const matrix = createInt8Matrix(kernel, 16);
    for (const [i, row] of rows.entries()) matrix.set(i, row);
    const query = draw();
    const scores = rows.map((row) => quantisedScore(row, query));
    const all = matrix.scan(query, 1);
    for (const every of [3, 7, 1_000, 70_000]) {
      const ids = scores.map((_, photoId) => photoId).filter((photoId) => photoId % every === 1);
      const truth = ids.map((photoId) => scores[photoId] as number).sort((a, b) => b - a);
      const result = matrix.scan(query, 300, photoSetOf(ids));
      expect(result.among).toBe(ids.length);
      expect(result.scores).toEqual(truth.slice(0, 300));
      expect(result.photoIds.every((photoId, i) => photoId % every === 1 && scores[photoId] === result.scores[i])).toBe(
        true,
      );
      expect(ids.slice(0, 50).map(matrix.scanned)).toEqual(ids.slice(0, 50).map((photoId) => scores[photoId]));
      // Of a sample where few are asked for.
      expect(Math.abs(result.mean - all.mean)).toBeLessThan(0.03 * all.deviation);
      expect(Math.abs(result.deviation / all.deviation - 1)).toBeLessThan(0.03);
    }
    expect(Array.from(matrix.approximate(query, [9, 123_456, 7]))).toEqual([9, 123_456, 7].map((id) => scores[id]));
    expect(matrix.approximate(query, [photos])[0]).toBeNaN();
  });

  it('holds exactly the rows of any sequence of changes', () => {
    const change = fc.record({
      photoId: fc.integer({ min: 0, max: 12 }),
      value: fc.option(fc.integer({ min: -9, max: 9 })),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const matrix = createInt8Matrix(kernel, 2);
        const truth = new Map<number, number>();
        for (const { photoId, value } of changes) {
          if (value === null) {
            matrix.remove(photoId);
            truth.delete(photoId);
          } else {
            matrix.set(photoId, Float32Array.of(value, 0));
            truth.set(photoId, value);
          }
        }
        expect(matrix.rows()).toBe(truth.size);
        const { photoIds, scores } = matrix.scan(Float32Array.of(1, 0), 100);
        const found = new Map(photoIds.map((id, i) => [id, Math.round(scores[i] as number)]));
        expect(found.size).toBe(photoIds.length);
        expect([...found].sort((a, b) => a[0] - b[0])).toEqual([...truth].sort((a, b) => a[0] - b[0]));
      }),
    );
  });

  it('does not overflow at the largest dimension with the largest sums', () => {
    const ones = new Float32Array(maxDim).fill(1);
    const matrix = createInt8Matrix(kernel, maxDim);
    matrix.set(1, ones);
    matrix.set(
      2,
      ones.map((value) => -value),
    );
    const { scores } = matrix.scan(ones, 2);
    expect(scores[0]).toBeCloseTo(maxDim, 1);
    expect(scores[1]).toBeCloseTo(-maxDim, 1);
  });

  it('scores a vector of zeros as zero', () => {
    const matrix = createInt8Matrix(kernel, 8);
    matrix.set(1, new Float32Array(8));
    expect(matrix.scan(new Float32Array(8).fill(1), 5)).toEqual({
      photoIds: [1],
      scores: [0],
      mean: 0,
      deviation: 0,
      among: 1,
    });
  });
});

describe('loadKernel', () => {
  it('says how to build a missing kernel', () => {
    const missing = new URL('no-such-kernel.wasm', import.meta.url);
    expect(() => loadKernel(missing)).toThrow(/npm run build/);
  });

  it('says so when the file is not a kernel', () => {
    expect(() => loadKernel(new URL(import.meta.url))).toThrow(/damaged/);
  });
});
