// Why a photo was found: the region its picture earned the match with, what each signal earned, and what is asked of whom.
import { describe, expect, it } from 'vitest';
import type { PicturePart } from '../../../../../../main/inference/protocol.ts';
import { CancelledError } from '../../../../../../main/platform/app-error.ts';
import { createExplainUseCase } from '../../../../../../main/services/search/why/explain-use-case.ts';
import { regionGrid } from '../../../../../../main/services/search/why/region-grid.ts';
import { scoreShares } from '../../../../../../main/services/search/why/score-shares.ts';
import { createSeenParts } from '../../../../../../main/services/search/why/seen-parts.ts';
import type { VectorIndex } from '../../../../../../main/vectors/vector-index.ts';
import { partBoxes } from '../../../../../../native-models/image/picture-parts.ts';
import { openedPack, vectorOf } from '../../../../../helpers/fake-inference.ts';
import { madeSignals } from '../made-signals.ts';

const weights = {
  embedding: { weight: 1 },
  caption: { weight: 0.1 },
  own: { weight: 0.75, offset: 0.9 },
  words: { weight: 0.5, offset: 1 },
};

const dog = Float32Array.of(1, 0);

/** A picture of a dog around a point: the more a part covers of it, the less remains. */
function dogAt(x: number, y: number): PicturePart[] {
  return partBoxes().map((box) => {
    const inside = box.left <= x && x < box.right && box.top <= y && y < box.bottom;
    const angle = inside ? 1.2 : 0.4;
    return { ...box, vector: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
  });
}

describe('regionGrid', () => {
  it.each([
    [0.1, 0.1],
    [0.9, 0.4],
    [0.6, 0.85],
  ])('has its peak where the thing is (%f, %f)', (x, y) => {
    const grid = regionGrid(dogAt(x, y), dog, []);
    if (!grid) throw new Error('no region');
    expect(grid.values.length).toBe(grid.rows * grid.columns);
    expect([Math.min(...grid.values), Math.max(...grid.values)]).toEqual([0, 1]);
    const peak = grid.values.indexOf(1);
    expect(Math.abs(((peak % grid.columns) + 0.5) / grid.columns - x)).toBeLessThan(0.2);
    expect(Math.abs((Math.floor(peak / grid.columns) + 0.5) / grid.rows - y)).toBeLessThan(0.2);
  });

  it('is none where nothing stands out', () => {
    expect(regionGrid(dogAt(2, 2), dog, [])).toBeNull();
    expect(regionGrid([], dog, [dog])).toBeNull();
  });
});

describe('scoreShares', () => {
  const signals = madeSignals([
    { id: 1, embedding: 0.1, caption: 0.2 },
    { id: 2, embedding: 0.6, caption: 0.5 },
    { id: 3, embedding: 0.2, caption: 0.3, words: 9 },
    { id: 4, embedding: 0.0, caption: 0.0 },
  ]);

  it('gives each signal what the score loses without it', () => {
    const { embedding, caption, own, words } = scoreShares(signals, 1, 'fused', weights);
    expect(embedding).toBeGreaterThan(0.8);
    expect(caption).toBeGreaterThan(0);
    expect([own, words]).toEqual([0, 0]);
    expect(embedding + caption).toBeCloseTo(1, 6);
    expect(scoreShares(signals, 2, 'fused', weights).words).toBeGreaterThan(0.9);
  });

  it('gives none where everything speaks against the photo, and the one signal of a single way', () => {
    expect(scoreShares(signals, 3, 'fused', weights)).toEqual({ embedding: 0, caption: 0, own: 0, words: 0 });
    expect(scoreShares(signals, 3, 'caption', weights)).toMatchObject({ caption: 1, own: 0 });
    expect(scoreShares(signals, 1, 'fused', null).embedding).toBeGreaterThan(0.4);
  });
});

describe('seen parts', () => {
  it('keeps the photos used last, and nothing of a look that failed', async () => {
    const seen = createSeenParts(2);
    const looks: string[] = [];
    const look = (key: string) =>
      seen(key, async () => {
        looks.push(key);
        if (looks.length === 1) throw new CancelledError();
        return [];
      });
    await expect(look('a')).rejects.toThrow(CancelledError);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await look(key);
    expect(looks).toEqual(['a', 'a', 'b', 'c', 'b']);
  });
});

function setUp({ scores = [0.9] }: { scores?: number[] } = {}) {
  const asked: string[] = [];
  const vectors = {
    candidates: async ({ include, queries }: { include: readonly number[]; queries: readonly unknown[] }) => {
      asked.push('vectors');
      const column = { scores: Float32Array.from(scores), rows: 9, mean: 0.1, deviation: 0.1, floor: 0 };
      return { photoIds: Float64Array.from(include), columns: queries.map(() => column) };
    },
  } as unknown as VectorIndex;
  const why = createExplainUseCase({
    vectors,
    db: {
      wordMatches: async () => ({ score: 2, texts: [{ source: 'own', text: 'a dog', spans: [[2, 5]] }] }),
      thumbnail: async ({ photoId }) =>
        photoId === 8 ? null : { bytes: new Uint8Array(1), width: 1, height: 1, format: 'webp', revision: 1 },
      photosWhere: async () => null,
      searchWords: async () => ({ photoIds: [], scores: [] }),
    },
    inference: {
      pack: async () => ({ ...openedPack, fusion: weights }),
      embedText: async ({ texts }) => {
        asked.push('sentence');
        return { text: texts.map(vectorOf), sentence: texts.map(vectorOf) };
      },
      parts: async (_, { signal }) => {
        asked.push('parts');
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (signal.aborted) throw new CancelledError();
        const away = vectorOf('a dog').map((x) => -x);
        return partBoxes().map((box, i) => ({ ...box, vector: i % 3 === 0 ? away : vectorOf('a dog') }));
      },
    },
  });
  return { why, asked };
}

const { signal } = new AbortController();
const question = { text: 'a dog', photoId: 7, mode: 'fused', region: true } as const;

describe('explain', () => {
  it('answers words, shares and region; another sentence about the photo costs no look at it', async () => {
    const { why, asked } = setUp();
    const told = await why.explain(question, { signal });
    expect(told.words).toEqual([{ source: 'own', text: 'a dog', spans: [[2, 5]] }]);
    expect(told.shares.embedding).toBeGreaterThan(0);
    expect(told.region?.values.length).toBe(144);
    await why.explain({ ...question, text: 'a cat' }, { signal });
    expect(asked.filter((call) => call === 'parts').length).toBe(1);
    await why.explain({ ...question, photoId: 9 }, { signal });
    expect(asked.filter((call) => call === 'parts').length).toBe(2);
  });

  it('asks no model for words, and looks at no picture that is not there, earned nothing or is not asked for', async () => {
    const { why, asked } = setUp();
    expect(await why.explain({ ...question, mode: 'words' }, { signal })).toMatchObject({ region: null });
    expect(asked).toEqual([]);
    for (const other of [{ photoId: 8 }, { mode: 'caption' }, { region: false }, { text: ' ' }] as const)
      expect((await why.explain({ ...question, ...other }, { signal })).region).toBeNull();
    expect((await setUp({ scores: [0] }).why.explain(question, { signal })).region).toBeNull();
    expect(asked).not.toContain('parts');
  });

  it('ends for a newer question of the same peer, and is then looked at again', async () => {
    const { why, asked } = setUp();
    const older = why.explain(question, { signal, peer: 'a' });
    const ended = expect(older).rejects.toThrow(CancelledError);
    while (!asked.includes('parts')) await new Promise((resolve) => setTimeout(resolve, 0));
    const other = why.explain({ ...question, photoId: 9 }, { signal, peer: 'b' });
    const newer = why.explain({ ...question, region: false }, { signal, peer: 'a' });
    await ended;
    expect((await other).region).not.toBeNull();
    expect((await newer).region).toBeNull();
    expect((await why.explain(question, { signal, peer: 'a' })).region).not.toBeNull();
  });
});
