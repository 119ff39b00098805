// The exact index over a store in memory: right answers, in step with the store, models kept apart. Needs `npm run build`.
import { describe, expect, it } from 'vitest';
import { createExactIndex } from '../../../../main/vectors/exact-index.ts';
import { loadKernel } from '../../../../main/vectors/kernel/load-kernel.ts';
import { nearestExact, recall } from './float-oracle.ts';
import { memorySource } from './memory-source.ts';
import { unit, vectorModel } from './synthetic-vectors.ts';

const kernel = loadKernel();
const image = { kind: 'image', modelId: 'starter@1/image' } as const;
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
        const [answer] = await index.nearest({ queries: [{ ...image, vector, limit: 10 }] });
        found +=
          recall(
            answer?.photoIds ?? [],
            truth.map((hit) => hit.photoId),
          ) / 25;
        expect(answer?.scores[0]).toBeCloseTo(truth[0]?.score ?? 0, 5);
        expect(answer?.rows).toBe(2_000);
      }
      expect(found).toBeGreaterThanOrEqual(0.995);
    }
  });

  it('follows the store: new, changed and removed vectors are seen by the next question', async () => {
    const source = memorySource();
    const index = createExactIndex(kernel, source);
    const ask = async (): Promise<readonly number[]> => {
      const [answer] = await index.nearest({ queries: [{ ...image, vector: axis(0), limit: 10 }] });
      return answer?.photoIds ?? [];
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
    await index.nearest({ queries: [{ ...image, vector: axis(0), limit: 5 }] });
    source.reset();
    source.put(image.kind, image.modelId, 2, axis(0.1));
    const [answer] = await index.nearest({ queries: [{ ...image, vector: axis(0.1), limit: 5 }] });
    expect(answer?.photoIds).toEqual([2]);
    expect(answer?.scores[0]).toBeCloseTo(1, 6);
  });

  it('reads the log only when it moved, and a vector only once', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0));
    const index = createExactIndex(kernel, source);
    for (let i = 0; i < 3; i++) await index.nearest({ queries: [{ ...image, vector: axis(0), limit: 5 }] });
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
    const answers = await index.nearest({
      queries: [
        { kind: 'own', modelId: 'a@1/image', ...query },
        { kind: 'image', modelId: 'a@2/image', ...query },
        { kind: 'image', modelId: 'a@1/image', ...query },
        { kind: 'caption', modelId: 'a@1/image', ...query },
      ],
    });
    expect(answers.map((answer) => answer.photoIds)).toEqual([[3], [2], [1], []]);
  });

  it('scores given photos exactly, NaN where there is no vector', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0.3));
    source.put(image.kind, image.modelId, 2, axis(1));
    const index = createExactIndex(kernel, source);
    const query = { ...image, vector: axis(0.3), photoIds: [2, 99, 1] };
    const [answer] = await index.score({ queries: [query] });
    expect(answer?.scores[0]).toBeCloseTo(Math.cos(0.7), 6);
    expect(answer?.scores[1]).toBeNaN();
    expect(answer?.scores[2]).toBeCloseTo(1, 6);
    const [empty] = await index.score({ queries: [{ ...query, modelId: 'other' }] });
    expect([...(empty?.scores ?? [])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('orders equal scores by photo id', async () => {
    const source = memorySource();
    for (const photoId of [5, 3, 9, 1]) source.put(image.kind, image.modelId, photoId, axis(0.2));
    const index = createExactIndex(kernel, source);
    const [answer] = await index.nearest({ queries: [{ ...image, vector: axis(0), limit: 4 }] });
    expect(answer?.photoIds).toEqual([1, 3, 5, 9]);
  });

  it('refuses a query of another size, one that is not finite, and a limit out of range', async () => {
    const source = memorySource();
    source.put(image.kind, image.modelId, 1, axis(0));
    const index = createExactIndex(kernel, source);
    const ask = (vector: Float32Array, limit = 5) => index.nearest({ queries: [{ ...image, vector, limit }] });
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
