// The search service over small fakes of the index and the store.
import { describe, expect, it, vi } from 'vitest';
import type { VectorKind } from '../../../../../main/library-db/library-rows.ts';
import { CancelledError } from '../../../../../main/platform/app-error.ts';
import { literalQuery } from '../../../../../main/services/search/language/literal-query.ts';
import { createSearchService, type SearchServiceParts } from '../../../../../main/services/search/search-service.ts';
import type { ScoreColumn, VectorIndex } from '../../../../../main/vectors/vector-index.ts';
import type { SearchMode } from '../../../../../preload/contract/search.ts';

type Library = Record<number, Partial<Record<VectorKind | 'words', number>>>;

/** An index whose cosines are written down, whatever the query vector is; it lists at most `listed` photos per question. */
function fakeIndex(library: Library, listed = Number.POSITIVE_INFINITY): VectorIndex {
  const rowsOf = (kind: VectorKind): { photoId: number; score: number }[] =>
    Object.entries(library)
      .flatMap(([id, scores]) => (scores[kind] === undefined ? [] : [{ photoId: Number(id), score: scores[kind] }]))
      .sort((a, b) => b.score - a.score || a.photoId - b.photoId);
  return {
    candidates: async ({ queries, include }) => {
      const lists = queries.map(({ kind, limit }) => rowsOf(kind).slice(0, Math.min(limit, listed)));
      const found = [...new Set([...lists.flat().map(({ photoId }) => photoId), ...include])].sort((a, b) => a - b);
      const columns = queries.map(({ kind }, i): ScoreColumn => {
        const rows = rowsOf(kind);
        const mean = rows.reduce((sum, row) => sum + row.score, 0) / Math.max(1, rows.length);
        const best = lists[i] ?? [];
        return {
          scores: Float32Array.from(found, (id) => library[id]?.[kind] ?? Number.NaN),
          rows: rows.length,
          mean,
          deviation: Math.sqrt(rows.reduce((sum, row) => sum + (row.score - mean) ** 2, 0) / Math.max(1, rows.length)),
          floor: best.length < rows.length ? Math.fround(best.at(-1)?.score ?? 0) : Number.NEGATIVE_INFINITY,
        };
      });
      return { photoIds: Float64Array.from(found), columns };
    },
    similar: async ({ kind, photoId, limit }) => {
      const rows = rowsOf(kind).filter((row) => row.photoId !== photoId);
      return {
        photoIds: rows.slice(0, limit).map((row) => row.photoId),
        scores: rows.slice(0, limit).map((row) => row.score),
      };
    },
    warm: async () => ({ rows: 0, bytes: 0 }),
  };
}

const noConditions: Pick<SearchServiceParts['db'], 'photosWhere' | 'newestWhere'> = {
  photosWhere: async () => null,
  newestWhere: async () => ({ photoIds: [], photos: 0 }),
};

function setUp(library: Library, changes: Partial<SearchServiceParts> & { listed?: number } = {}) {
  const encodeQuery = vi.fn(async (_text: string, _call: { signal: AbortSignal }) => ({
    text: Float32Array.of(1),
    sentence: Float32Array.of(1),
  }));
  const words = Object.entries(library)
    .flatMap(([id, scores]) => (scores.words === undefined ? [] : [{ photoId: Number(id), score: scores.words }]))
    .sort((a, b) => b.score - a.score);
  const service = createSearchService({
    db: {
      searchWords: async ({ limit }) => ({
        photoIds: words.slice(0, limit).map((hit) => hit.photoId),
        scores: words.slice(0, limit).map((hit) => hit.score),
      }),
      ...noConditions,
      summaries: async ({ photoIds }) =>
        photoIds.map((photoId) => ({ photoId, path: `/p/${photoId}.jpg`, caption: `photo ${photoId}` })),
    },
    vectors: fakeIndex(library, changes.listed),
    encodeQuery,
    pack: {
      imageModelId: 'a@1/image',
      sentenceModelId: 'a@1/sentence',
      fusion: {
        embedding: { weight: 1 },
        caption: { weight: 0.5 },
        own: { weight: 1, offset: 0 },
        words: { weight: 0, offset: 0 },
      },
    },
    ...changes,
  });
  return { service, encodeQuery };
}

it('compares once where the modes are asked for one sentence side by side, and anew afterwards', async () => {
  const vectors = fakeIndex(library);
  const { candidates } = vectors;
  const open: (() => void)[] = [];
  const asked = vi.spyOn(vectors, 'candidates').mockImplementation(async (question) => {
    await new Promise<void>((resolve) => open.push(resolve));
    return candidates(question);
  });
  const { service } = setUp(library, { vectors });
  const left = new AbortController();
  const rank = (text: string, mode: SearchMode, call = {}) =>
    service.rank({ query: literalQuery(text), mode, limit: 10 }, call);
  const first = expect(rank('a dog', 'embedding', { signal: left.signal })).rejects.toBeInstanceOf(CancelledError);
  const others = [rank('a  dog', 'caption'), rank('a dog', 'fused'), rank('a cat', 'fused')];
  await vi.waitFor(() => expect(open).toHaveLength(2));
  left.abort();
  for (const go of open) go();
  await first;
  expect((await Promise.all(others)).map(({ photoIds }) => photoIds[0])).toEqual([3, 3, 3]);
  expect(asked).toHaveBeenCalledTimes(2);
  const later = rank('a dog', 'embedding');
  await vi.waitFor(() => expect(open).toHaveLength(3));
  open[2]?.();
  expect((await later).photoIds).toEqual([2, 3, 1]);
});

const library: Library = {
  1: { image: 0.1, caption: 0.9, words: 1 },
  2: { image: 0.3, caption: 0.2, words: 3 },
  3: { image: 0.2, caption: 0.5, own: 0.95 },
};

describe('find', () => {
  it('ranks by the mode asked, with the place in each single mode', async () => {
    const { service } = setUp(library);
    const ids = async (mode: 'embedding' | 'caption' | 'words') =>
      (await service.find({ query: literalQuery('a dog'), mode, limit: 10 })).hits.map((hit) => hit.photoId);
    expect(await ids('embedding')).toEqual([2, 3, 1]);
    expect(await ids('caption')).toEqual([3, 1, 2]);
    expect(await ids('words')).toEqual([2, 1]);
    const { hits } = await service.find({ query: literalQuery('a dog'), mode: 'embedding', limit: 1 });
    expect(hits).toEqual([
      {
        photoId: 2,
        path: '/p/2.jpg',
        score: expect.closeTo(0.3, 5),
        caption: 'photo 2',
        ranks: { embedding: 1, caption: 3, words: 1 },
      },
    ]);
  });

  it('fuses exactly what a list that was cut short leaves out', async () => {
    const many: Library = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [i, { image: ((i * 17) % 40) / 40, caption: ((i * 23) % 40) / 40 }]),
    );
    const whole = await setUp(many).service.find({ query: literalQuery('x'), mode: 'fused', limit: 5 });
    const cut = await setUp(many, { listed: 15 }).service.find({ query: literalQuery('x'), mode: 'fused', limit: 5 });
    const known = ({ photoId, score }: { photoId: number; score: number }) => ({ photoId, score });
    expect(cut.hits.map(known)).toEqual(whole.hits.map(known));
    for (const [i, { ranks }] of cut.hits.entries()) {
      const truth = whole.hits[i]?.ranks.embedding ?? 0;
      expect(ranks.embedding).toBe(truth <= 15 ? truth : null);
    }
  });

  it('breaks ties by photo id', async () => {
    const { service } = setUp({ 9: { image: 0.5 }, 4: { image: 0.5 }, 7: { image: 0.5 } });
    const { hits } = await service.find({ query: literalQuery('x'), mode: 'fused', limit: 3 });
    expect(hits.map((hit) => hit.photoId)).toEqual([4, 7, 9]);
  });

  it('answers an empty library with nothing, in every mode', async () => {
    const { service } = setUp({});
    for (const mode of ['fused', 'embedding', 'caption', 'words'] as const) {
      expect((await service.find({ query: literalQuery('x'), mode, limit: 5 })).hits).toEqual([]);
    }
  });

  it('fuses ranks where the pack has no weights', async () => {
    const { service } = setUp(library, { pack: { imageModelId: 'a', sentenceModelId: 'b', fusion: null } });
    const { hits } = await service.find({ query: literalQuery('x'), mode: 'fused', limit: 3 });
    expect(hits[0]).toMatchObject({ photoId: 2, score: 1 / 61 + 1 / 63 + 1 / 61 });
  });

  it('does not ask the model in mode words', async () => {
    const { service, encodeQuery } = setUp(library);
    const { hits } = await service.find({ query: literalQuery('x'), mode: 'words', limit: 3 });
    expect(encodeQuery).not.toHaveBeenCalled();
    expect(hits[0]?.ranks).toEqual({ embedding: null, caption: null, words: 1 });
  });

  it('runs the model once for spellings of one text', async () => {
    const { service, encodeQuery } = setUp(library);
    for (const text of ['two dogs', '  two   dogs ', 'two\tdogs\n'])
      await service.find({ query: literalQuery(text), mode: 'fused', limit: 3 });
    expect(encodeQuery).toHaveBeenCalledTimes(1);
    expect(encodeQuery.mock.calls[0]?.[0]).toBe('two dogs');
  });

  it('finds nothing for a query of neither texts nor conditions', async () => {
    const { service } = setUp(library);
    expect((await service.find({ query: literalQuery(' \n '), mode: 'fused', limit: 3 })).hits).toEqual([]);
  });

  it('leaves out photos that went away before they were read', async () => {
    const { service } = setUp(library, {
      db: { ...noConditions, searchWords: async () => ({ photoIds: [], scores: [] }), summaries: async () => [] },
    });
    expect((await service.find({ query: literalQuery('x'), mode: 'fused', limit: 3 })).hits).toEqual([]);
  });

  it('lets the newest question of a client win, and leaves other clients alone', async () => {
    const gates: (() => void)[] = [];
    const { service } = setUp(library, {
      encodeQuery: (_text, { signal }) =>
        new Promise((resolve, reject) => {
          gates.push(() => resolve({ text: Float32Array.of(1), sentence: Float32Array.of(1) }));
          signal.addEventListener('abort', () => reject(new CancelledError()));
        }),
    });
    const ask = (text: string, client: string) =>
      service.find({ query: literalQuery(text), mode: 'fused', limit: 3, client });
    const first = expect(ask('t', 'a')).rejects.toBeInstanceOf(CancelledError);
    const other = ask('other', 'b');
    const second = ask('tw', 'a');
    await first;
    for (const open of gates) open();
    expect((await second).hits).toHaveLength(3);
    expect((await other).hits).toHaveLength(3);
  });

  it('stops between steps once its caller has gone', async () => {
    const controller = new AbortController();
    const summaries = vi.fn();
    const { service } = setUp(library, {
      db: {
        ...noConditions,
        searchWords: async () => {
          controller.abort();
          return { photoIds: [], scores: [] };
        },
        summaries,
      },
    });
    const call = service.find({ query: literalQuery('x'), mode: 'fused', limit: 3 }, { signal: controller.signal });
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    expect(summaries).not.toHaveBeenCalled();
  });

  it('tells what each part took', async () => {
    let now = 0;
    const { service } = setUp(library, { clock: { now: () => (now += 5), after: () => () => undefined } });
    const { tookMs } = await service.find({ query: literalQuery('x'), mode: 'fused', limit: 3 });
    expect(tookMs).toEqual({ encode: 5, scan: 5, fuse: 5, total: 15 });
  });
});

describe('rank', () => {
  it('gives the ids and scores of find as columns, and reads no rows', async () => {
    const summaries = vi.fn();
    const { service } = setUp(library);
    for (const mode of ['fused', 'embedding', 'caption', 'words'] as const) {
      const { hits } = await service.find({ query: literalQuery('a dog'), mode, limit: 2 });
      const asked = setUp(library, {
        db: { ...noConditions, searchWords: async () => ({ photoIds: [2, 1], scores: [3, 1] }), summaries },
      }).service;
      const { photoIds, scores } = await asked.rank({ query: literalQuery('a dog'), mode, limit: 2 });
      expect({ photoIds, scores }).toEqual({
        photoIds: hits.map((hit) => hit.photoId),
        scores: hits.map((hit) => hit.score),
      });
    }
    expect(summaries).not.toHaveBeenCalled();
  });
});

describe('similar', () => {
  it('asks for image vectors of the active pack', async () => {
    const { service } = setUp({ 1: { image: 0.6 }, 2: { image: 0.9 }, 3: { image: 0.7 } });
    expect(await service.similar({ photoId: 2, limit: 9 })).toEqual({ photoIds: [3, 1], scores: [0.7, 0.6] });
  });

  it('leaves out photos that are hardly alike, all of them where none is', async () => {
    const { service } = setUp({ 1: { image: 0.54 }, 2: { image: 0.9 }, 3: { image: 0.56 } });
    expect(await service.similar({ photoId: 2, limit: 9 })).toEqual({ photoIds: [3], scores: [0.56] });
    expect((await setUp(library).service.similar({ photoId: 2, limit: 9 })).photoIds).toEqual([]);
  });
});

describe('rankAll', () => {
  it('ranks every photo that a mode knows', async () => {
    const { service } = setUp(library);
    expect(await service.rankAll({ text: 'x' })).toEqual({
      embedding: [2, 3, 1],
      caption: [3, 1, 2],
      words: [2, 1],
      fused: expect.arrayContaining([1, 2, 3]),
    });
  });

  it('begins as find does', async () => {
    const { service } = setUp(library);
    const { hits } = await service.find({ query: literalQuery('x'), mode: 'fused', limit: 3 });
    expect((await service.rankAll({ text: 'x' })).fused).toEqual(hits.map((hit) => hit.photoId));
  });
});
