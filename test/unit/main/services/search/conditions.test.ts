// Queries with conditions, with sides of OR and with what is to be left out, over a fake index that tells what it was asked.
import { expect, it, vi } from 'vitest';
import { hasPhoto, photoSetOf } from '../../../../../main/platform/photo-set.ts';
import { literalQuery } from '../../../../../main/services/search/language/literal-query.ts';
import type { ParsedQuery } from '../../../../../main/services/search/parsed-query.ts';
import { createSearchService } from '../../../../../main/services/search/search-service.ts';
import type { CandidatesQuestion, VectorIndex } from '../../../../../main/vectors/vector-index.ts';

const favourite = { kind: 'favourite', not: false } as const;
const ofTexts = (texts: readonly string[], more: Partial<ParsedQuery> = {}): ParsedQuery => ({
  ...literalQuery('x'),
  texts,
  ...more,
});

/** Cosine of photo `p` to the text "tN": highest at p = N. Texts are told apart by the first number of their vectors. */
const cosine = (text: number, photo: number): number => 1 - Math.abs(text - photo) / 10;

function setUp(passing: readonly number[] = [2, 4]) {
  const asked: CandidatesQuestion[] = [];
  const order: string[] = [];
  const vectors: VectorIndex = {
    async candidates(question) {
      order.push('vectors');
      asked.push(question);
      const { within } = question;
      const photoIds = Float64Array.from([1, 2, 3, 4, 5, 6].filter((id) => !within || hasPhoto(within, id)));
      const columns = question.queries.map(({ kind, vector }) => ({
        scores: Float32Array.from(photoIds, (id) => (kind === 'image' ? cosine(vector[0] as number, id) : Number.NaN)),
        rows: 6,
        mean: 0,
        deviation: 1,
        floor: Number.NEGATIVE_INFINITY,
      }));
      return { photoIds, columns };
    },
    similar: async () => ({ photoIds: [], scores: [] }),
    warm: async () => ({ rows: 0, bytes: 0 }),
  };
  const db = {
    searchWords: vi.fn(async (_input: { text: string; limit: number; filters?: unknown }) => ({
      photoIds: [] as number[],
      scores: [] as number[],
    })),
    photosWhere: vi.fn(async (_input: object) => photoSetOf(passing)),
    newestWhere: vi.fn(async ({ limit }: { limit: number }) => ({
      photoIds: [...passing].reverse().slice(0, limit),
      photos: passing.length,
    })),
    summaries: async ({ photoIds }: { photoIds: readonly number[] }) =>
      photoIds.map((photoId) => ({ photoId, path: `/p/${photoId}.jpg`, caption: null })),
  };
  const encodeQuery = vi.fn(async (text: string) => {
    order.push(`encode ${text}`);
    const vector = Float32Array.of(Number(text.slice(1)));
    return { text: vector, sentence: vector };
  });
  const service = createSearchService({
    db,
    vectors,
    encodeQuery,
    pack: { imageModelId: 'a', sentenceModelId: 'b', fusion: null },
  });
  const rank = async (query: ParsedQuery, mode: 'embedding' | 'words' = 'embedding') =>
    (await service.rank({ query, mode, limit: 10 })).photoIds;
  return { service, db, asked, order, encodeQuery, rank };
}

it('asks no more than before where a query has no conditions', async () => {
  const { db, asked, order, rank } = setUp();
  expect(await rank(literalQuery('t3'))).toEqual([3, 2, 4, 1, 5, 6]);
  expect(db.photosWhere).not.toHaveBeenCalled();
  expect(db.searchWords).toHaveBeenCalledWith({ text: 't3', limit: 1000 });
  expect(asked).toHaveLength(1);
  expect(asked[0]).not.toHaveProperty('within');
  expect(order).toEqual(['encode t3', 'vectors']);
});

it('ranks the photos alone that fulfil the conditions, by words and by vectors', async () => {
  const { db, asked, rank } = setUp();
  expect(await rank(ofTexts(['t3'], { filters: [favourite] }))).toEqual([2, 4]);
  expect(db.photosWhere).toHaveBeenCalledWith({ filters: [favourite] });
  expect(db.searchWords).toHaveBeenCalledWith({ text: 't3', limit: 1000, filters: [favourite] });
  expect(asked[0]?.within?.count).toBe(2);
});

it('finds nothing where no photo fulfils them, and compares no vectors for it', async () => {
  const { asked, rank } = setUp([]);
  expect(await rank(ofTexts(['t3'], { filters: [favourite] }))).toEqual([]);
  expect(asked).toEqual([]);
});

it('lists what fulfils conditions alone newest first, without a model, in every mode', async () => {
  const { service, db, asked, encodeQuery, rank } = setUp([1, 4, 5]);
  const query = ofTexts([], { filters: [favourite] });
  expect(await rank(query)).toEqual([5, 4, 1]);
  expect(await rank(query, 'words')).toEqual([5, 4, 1]);
  const { hits } = await service.find({ query, mode: 'fused', limit: 2 });
  expect(hits.map(({ photoId, score, ranks }) => ({ photoId, score, ranks }))).toEqual(
    [5, 4].map((photoId) => ({ photoId, score: 0, ranks: { embedding: null, caption: null, words: null } })),
  );
  expect(db.newestWhere).toHaveBeenLastCalledWith({ filters: [favourite], limit: 2 });
  expect([asked.length, encodeQuery.mock.calls.length]).toEqual([0, 0]);
});

it('takes the better of the sides of OR, in one question of the vector index', async () => {
  const { service, asked, rank } = setUp();
  expect(await rank(ofTexts(['t1', 't5']))).toEqual([1, 5, 2, 4, 6, 3]);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.queries.map(({ kind }) => kind)).toEqual(['image', 'caption', 'own', 'image', 'caption', 'own']);
  const { hits } = await service.find({ query: ofTexts(['t1', 't5']), mode: 'embedding', limit: 2 });
  expect(hits.map(({ ranks }) => ranks.embedding)).toEqual([1, 2]);
});

it('takes sides of OR that are spelled differently for one', async () => {
  const { encodeQuery, rank } = setUp();
  expect(await rank(ofTexts(['t3', ' t3 ']))).toEqual(await rank(literalQuery('t3')));
  expect(encodeQuery).toHaveBeenCalledTimes(1);
});

it('asks what is to be left out about the photos found, and lets it propose none', async () => {
  const { asked, rank } = setUp();
  await rank(ofTexts(['t3'], { without: ['t5'] }));
  expect(asked[0]?.queries.map(({ limit }) => limit)).toEqual([100, 100, 100, 0, 0, 0]);
});
