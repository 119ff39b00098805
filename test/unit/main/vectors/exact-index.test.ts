// The exact index over a store in memory: right answers, in step with the store, models kept apart. Needs `npm run build`.
import { describe, expect, it } from 'vitest';
import { hasPhoto, photoSetOf } from '../../../../main/platform/photo-set.ts';
import { createExactIndex } from '../../../../main/vectors/exact-index.ts';
import { loadKernel } from '../../../../main/vectors/kernel/load-kernel.ts';
import type { NearestQuery, ScoreColumn, VectorIndex } from '../../../../main/vectors/vector-index.ts';
import { nearestExact, recall } from './float-oracle.ts';
import { memorySource } from './memory-source.ts';
import { unit, vectorModel } from './synthetic-vectors.ts';

const kernel = loadKernel();
const image = { kind: 'image', modelId: 'starter@1/image' } as const;
/** One question's own list, best first. */
async function nearest(
  index: VectorIndex,
  query: NearestQuery,
): Promise<{ photoIds: number[]; scores: number[]; rows: number }> {
  const { photoIds, columns } = await index.candidates({ queries: [query], include: [], exact: query.limit });
  const [column] = columns as [ScoreColumn];
  const best = Array.from(photoIds, (photoId, i) => ({ photoId, score: column.scores[i] as number })).sort(
    (a, b) => b.score - a.score || a.photoId - b.photoId,
  );
  return { photoIds: best.map(({ photoId }) => photoId), scores: best.map(({ score }) => score), rows: column.rows };
}

function filledIndex(photos: number, dim: number) {
  const model = vectorModel(dim, 21);
  const rows = new Map(Array.from({ length: photos }, (_, i) => [i + 1, model.image()]));
  const source = memorySource();
  for (const [photoId, row] of rows) source.put(image.kind, image.modelId, photoId, row);
  return { index: createExactIndex(kernel, source), model, rows };
}

const axis = (angle: number): Float32Array => Float32Array.of(Math.cos(angle), Math.sin(angle));

describe('exact index', () => {
  it('finds what an exact float search finds: recall@10 and scores, for picture-like and sentence-like queries', async () => {
    const model = vectorModel(512, 11);
    const rows = new Map(Array.from({ length: 2_000 }, (_, i) => [i + 1, model.image()]));
    const source = memorySource();
    for (const [photoId, row] of rows) source.put(image.kind, image.modelId, photoId, row);
    const index = createExactIndex(kernel, source);
    for (const draw of [model.image, model.text]) {
      let found = 0;
      for (let i = 0; i < 25; i++) {
        const vector = draw();
        const truth = nearestExact(rows, vector, 10);
        const answer = await nearest(index, { ...image, vector, limit: 10 });
        found +=
          recall(
            answer.photoIds,
            truth.map((hit) => hit.photoId),
          ) / 25;
        expect(answer.scores[0]).toBeCloseTo(truth[0]?.score ?? 0, 5);
        expect(answer.rows).toBe(2_000);
      }
      expect(found).toBeGreaterThanOrEqual(0.995);
    }
  });

  it('follows the store: new, changed and removed vectors are seen by the next question', async () => {
    const source = memorySource();
    const index = createExactIndex(kernel, source);
    const ask = async (): Promise<readonly number[]> => {
      const answer = await nearest(index, { ...image, vector: axis(0), limit: 10 });
      return answer.photoIds;
    };
    expect(await ask()).toEqual([]);
    source.put(image.kind, image.modelId, 1, axis(0.5));
    source.put(image.kind, image.modelId, 2, axis(0.4));
    expect(await ask()).toEqual([2, 1]);
    source.put(image.kind, image.modelId, 1, axis(0.1));
    expect(await ask()).toEqual([1, 2]);
    source.delete(image.kind, image.modelId, 1);
    expect(await ask()).toEqual([2]);
  });

  it('finds what looks like a photo, itself left out, and nothing for one without a vector', async () => {
    const source = memorySource();
    const index = createExactIndex(kernel, source);
    const similar = (photoId: number, limit = 10) => index.similar({ ...image, photoId, limit });
    expect(await similar(1)).toEqual({ photoIds: [], scores: [] });
    for (const [photoId, angle] of [
      [1, 0],
      [2, 0.3],
      [3, 0.1],
      [4, 0],
    ] as const)
      source.put(image.kind, image.modelId, photoId, axis(angle));
    const { photoIds, scores } = await similar(1);
    expect(photoIds).toEqual([4, 3, 2]);
    expect(scores[1]).toBeCloseTo(Math.cos(0.1), 5);
    expect((await similar(1, 2)).photoIds).toEqual([4, 3]);
    // Of two equal pictures each is like the other, whichever comes first in the answer.
    expect((await similar(4, 1)).photoIds).toEqual([1]);
    expect((await similar(9)).photoIds).toEqual([]);
    await expect(similar(1, 0)).resolves.toEqual({ photoIds: [], scores: [] });
    await expect(similar(1, 1e9)).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('starts anew when the library was replaced by an older copy', async () => {
    const source = memorySource();
    const index = createExactIndex(kernel, source);
    for (const photoId of [1, 2, 3]) source.put(image.kind, image.modelId, photoId, axis(photoId));
    await nearest(index, { ...image, vector: axis(0), limit: 5 });
    source.reset();
    source.put(image.kind, image.modelId, 2, axis(0.1));
    const answer = await nearest(index, { ...image, vector: axis(0.1), limit: 5 });
    expect(answer.photoIds).toEqual([2]);
    expect(answer.scores[0]).toBeCloseTo(1, 6);
  });

  it('reads the log only when it moved, and a vector only once', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0));
    const index = createExactIndex(kernel, source);
    for (let i = 0; i < 3; i++) await nearest(index, { ...image, vector: axis(0), limit: 5 });
    expect(source.changesRead()).toBe(1);
    expect(source.rowsRead()).toBe(1);
  });

  it('never mixes kinds or models, and answers several questions in order', async () => {
    const source = memorySource();
    source.put('image', 'a@1/image', 1, axis(0));
    source.put('image', 'a@2/image', 2, axis(0));
    source.put('own', 'a@1/image', 3, axis(0));
    const index = createExactIndex(kernel, source);
    const query = { vector: axis(0), limit: 5 };
    const { photoIds, columns } = await index.candidates({
      include: [],
      exact: 5,
      queries: [
        { kind: 'own', modelId: 'a@1/image', ...query },
        { kind: 'image', modelId: 'a@2/image', ...query },
        { kind: 'image', modelId: 'a@1/image', ...query },
        { kind: 'caption', modelId: 'a@1/image', ...query },
      ],
    });
    expect([...photoIds]).toEqual([1, 2, 3]);
    const known = columns.map(({ scores }) => [...photoIds].filter((_, i) => !Number.isNaN(scores[i])));
    expect(known).toEqual([[3], [2], [1], []]);
  });

  it('answers several questions of one kind of vector as it answers each alone', async () => {
    const { index, model } = filledIndex(2_000, 64);
    const vectors = [model.text(), model.text(), model.text()];
    const queries = vectors.map((vector, i) => ({ ...image, vector, limit: [300, 0, 200][i] as number }));
    const together = await index.candidates({ queries, include: [5], exact: 20 });
    const scoresOf = async (vector: Float32Array) => {
      const include = Array.from(together.photoIds);
      const { columns } = await index.candidates({
        queries: [{ ...image, vector, limit: 2_000 }],
        include,
        exact: 20,
      });
      return columns[0] as ScoreColumn;
    };
    for (const [i, vector] of vectors.entries()) {
      const alone = await scoresOf(vector);
      const column = together.columns[i] as ScoreColumn;
      expect(column).toMatchObject({ mean: alone.mean, deviation: alone.deviation, rows: 2_000 });
      const all = new Map(Array.from({ length: 2_000 }, (_, j) => [j + 1, alone.scores[j] as number]));
      for (const [j, photoId] of together.photoIds.entries())
        expect(Math.abs((column.scores[j] as number) - (all.get(photoId) as number))).toBeLessThan(0.003);
      // What lists nothing is certain of nothing.
      const isListing = (queries[i]?.limit ?? 0) > 0;
      expect(Number.isFinite(column.floor)).toBe(isListing);
      const better = [...all].filter(([, score]) => score > column.floor + 0.003).map(([photoId]) => photoId);
      const found = new Set(together.photoIds);
      expect(better.filter((photoId) => !found.has(photoId))).toEqual([]);
    }
  });

  it('answers within a set as if the others were not there, but places scores among all', async () => {
    const { index, model, rows } = filledIndex(3_000, 64);
    for (const share of [0, 0.001, 0.05, 0.6, 1]) {
      const ids = [...rows.keys()].filter((photoId) => (photoId * 0.618) % 1 < share);
      const within = photoSetOf(ids);
      const vector = model.text();
      const query = { ...image, vector, limit: 40 };
      const all = await index.candidates({ queries: [query], include: [], exact: 40 });
      const asked = await index.candidates({ queries: [query], include: [7, 2_999], exact: 40, within });
      const column = asked.columns[0] as ScoreColumn;
      const truth = nearestExact(new Map([...rows].filter(([photoId]) => hasPhoto(within, photoId))), vector, 40);
      const given = [7, 2_999].filter((photoId) => hasPhoto(within, photoId));
      expect(new Set(asked.photoIds)).toEqual(new Set([...truth.map(({ photoId }) => photoId), ...given]));
      for (const { photoId, score } of truth)
        expect(column.scores[asked.photoIds.indexOf(photoId)]).toBeCloseTo(score, 6);
      expect(column).toMatchObject({ rows: 3_000, mean: all.columns[0]?.mean, deviation: all.columns[0]?.deviation });
      expect(Number.isFinite(column.floor)).toBe(ids.length > 40);
    }
  });

  it('scores photos it is given beside those it finds, NaN where there is no vector', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0.3));
    source.put(image.kind, image.modelId, 2, axis(1));
    const index = createExactIndex(kernel, source);
    const query = { ...image, vector: axis(0.3), limit: 1 };
    const { photoIds, columns } = await index.candidates({ queries: [query], include: [2, 99], exact: 1 });
    expect([...photoIds]).toEqual([1, 2, 99]);
    const [column] = columns as [ScoreColumn];
    expect(column.scores[0]).toBeCloseTo(1, 6);
    expect(column.scores[1]).toBeCloseTo(Math.cos(0.7), 6);
    expect(column.scores[2]).toBeNaN();
    // The second of two photos is not among the best one, but nothing better than the last of the list is left out.
    expect(column.floor).toBeCloseTo(1, 6);
    const other = await index.candidates({ queries: [{ ...query, modelId: 'other' }], include: [2], exact: 1 });
    expect([...(other.columns[0]?.scores ?? [])]).toEqual([Number.NaN]);
    expect(other.columns[0]).toMatchObject({ rows: 0, floor: Number.NEGATIVE_INFINITY });
  });

  it('is certain of the best, and close for the rest', async () => {
    const model = vectorModel(128, 5);
    const rows = new Map(Array.from({ length: 3_000 }, (_, i) => [i + 1, model.image()]));
    const source = memorySource();
    for (const [photoId, row] of rows) source.put(image.kind, image.modelId, photoId, row);
    const index = createExactIndex(kernel, source);
    for (let round = 0; round < 10; round++) {
      const vector = model.text();
      const include = [7, 2_999, 1_234];
      const { photoIds, columns } = await index.candidates({
        queries: [{ ...image, vector, limit: 800 }],
        include,
        exact: 60,
      });
      const score = new Map(Array.from(photoIds, (photoId, i) => [photoId, columns[0]?.scores[i] as number]));
      const truth = nearestExact(rows, vector, rows.size);
      const order = [...score.keys()].sort((a, b) => (score.get(b) as number) - (score.get(a) as number));
      expect(order.slice(0, 60)).toEqual(truth.slice(0, 60).map((hit) => hit.photoId));
      for (const [place, { photoId, score: exact }] of truth.entries()) {
        const known = score.get(photoId);
        if (known === undefined) continue;
        const isCertain = place < 60 || include.includes(photoId);
        expect(Math.abs(known - exact)).toBeLessThan(isCertain ? 1e-6 : 0.003);
      }
      for (const photoId of include) expect(score.has(photoId)).toBe(true);
    }
  });

  it('orders equal scores by photo id', async () => {
    const source = memorySource();
    for (const photoId of [5, 3, 9, 1]) source.put(image.kind, image.modelId, photoId, axis(0.2));
    const index = createExactIndex(kernel, source);
    const answer = await nearest(index, { ...image, vector: axis(0), limit: 4 });
    expect(answer.photoIds).toEqual([1, 3, 5, 9]);
  });

  it('refuses a query of another size, one that is not finite, and a limit out of range', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0));
    const index = createExactIndex(kernel, source);
    const ask = (vector: Float32Array, limit = 5) => nearest(index, { ...image, vector, limit });
    await expect(ask(unit(Float32Array.of(1, 2, 3)))).rejects.toMatchObject({
      code: 'model/shape',
      message: expect.stringContaining('3 numbers against vectors of 2'),
    });
    await expect(ask(Float32Array.of(Number.NaN, 0))).rejects.toMatchObject({ code: 'model/shape' });
    await expect(ask(axis(0), 0)).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(ask(axis(0), 1e9)).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('warms what it is asked to and says what it holds', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0));
    source.put('own', 'a@1/sentence', 1, axis(0));
    const index = createExactIndex(kernel, source);
    const warmed = await index.warm({ models: [image, { kind: 'own', modelId: 'a@1/sentence' }] });
    expect(warmed.rows).toBe(2);
    expect(warmed.bytes).toBeGreaterThan(0);
    expect(source.changesRead()).toBe(2);
  });
});
