// The search of the active pack: who ends whose question, what answers while no model can, and another pack taken into use.
import { expect, it, vi } from 'vitest';
import type { InferencePool } from '../../../../../main/inference/inference-pool.ts';
import { AppError, CancelledError } from '../../../../../main/platform/app-error.ts';
import { featureNames } from '../../../../../main/services/search/judging/hit-features.ts';
import { literalQuery } from '../../../../../main/services/search/language/literal-query.ts';
import type { ParsedQuery } from '../../../../../main/services/search/parsed-query.ts';
import { createSearchUseCase } from '../../../../../main/services/search/search-use-case.ts';
import type { VectorIndex } from '../../../../../main/vectors/vector-index.ts';
import { fakePool, openedPack, vectorOf } from '../../../../helpers/fake-inference.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';

const signal = new AbortController().signal;
const question = { text: 'a dog', mode: 'fused', limit: 5 } as const;

function setUp(over: Partial<InferencePool> = {}, comparingHasStopped?: () => boolean) {
  const asked: string[] = [];
  const vectors: VectorIndex = {
    candidates: async ({ queries }) => ({
      photoIds: Float64Array.of(2, 4),
      columns: queries.map(({ modelId }) => {
        asked.push(modelId);
        return {
          scores: Float32Array.of(0.25, 0.5),
          rows: 2,
          mean: 0,
          deviation: 1,
          floor: Number.NEGATIVE_INFINITY,
        };
      }),
    }),
    similar: async ({ modelId, photoId }) => {
      asked.push(modelId);
      return { photoIds: [photoId + 1], scores: [0.9] };
    },
    warm: async () => ({ rows: 0, bytes: 0 }),
  };
  const db = {
    ...fakeLibraryDb(),
    searchWords: async () => ({ photoIds: [2], scores: [3] }),
  };
  const inference = { ...fakePool(), ...over };
  const parts = { db, vectors, inference, ...(comparingHasStopped && { comparingHasStopped }) };
  return { asked, vectors, db, search: createSearchUseCase(parts) };
}

it('ranks without rows, and says how complete the answer can be', async () => {
  const { search } = setUp();
  expect(await search.rank(question, { signal })).toMatchObject({ photoIds: [2, 4], indexed: 0, pending: 0 });
  expect(await search.similar({ photoId: 4, limit: 1 })).toEqual({ photoIds: [5], scores: [0.9] });
  await expect(search.rank({ ...question, text: ' ' }, { signal })).rejects.toMatchObject({ code: 'input/invalid' });
});

/** Takes every hit for as likely right as its picture: even odds at 0.4 of the fake's two cosines. */
const judgement = {
  centres: featureNames.map(() => 0),
  scales: featureNames.map(() => 1),
  weights: Array.from(
    { length: 1 + featureNames.length + (featureNames.length * (featureNames.length + 1)) / 2 },
    (_, i) => (i === 0 ? -16 : i === 1 ? 40 : 0),
  ),
  sure: { first: 0.6, next: 0.8 },
};

it('says of a whole search which hits are sure and which worth showing, and ends there where it is cut', async () => {
  const pack = { ...openedPack, fusion: { embedding: { weight: 1 } }, judgement };
  const { search } = setUp({ pack: async () => pack });
  const whole = await search.rank(question, { signal });
  expect(whole).toMatchObject({ photoIds: [4, 2], sure: 1, shown: 1 });
  expect(whole).not.toHaveProperty('nothing');
  expect((await search.rank({ ...question, cut: true }, { signal })).photoIds).toEqual([4]);
  const single = await search.rank({ ...question, mode: 'embedding', cut: true }, { signal });
  expect(single.photoIds).toEqual([4, 2]);
  expect(single).not.toHaveProperty('sure');
});

it('judges by the strictness chosen', async () => {
  const { db, vectors } = setUp();
  let strictness = 0.5;
  const pack = {
    ...openedPack,
    fusion: { embedding: { weight: 1 } },
    judgement: { ...judgement, sure: { first: 0.97, next: 0.98 } },
  };
  const inference = { ...fakePool(), pack: async () => pack };
  const search = createSearchUseCase({ db, vectors, inference, strictness: () => strictness });
  expect((await search.rank(question, { signal })).sure).toBe(1);
  strictness = 1;
  expect((await search.rank(question, { signal })).sure).toBe(0);
});

it('says why nothing is found, and offers the text without each of its conditions', async () => {
  const empty = { ...literalQuery('dogs type:png'), texts: [], filters: [], chips: [] };
  const { db, vectors } = setUp();
  const indexed = { ...db, counts: async () => ({ ...(await db.counts({ wanted: [] })), indexed: 5, photos: 5 }) };
  const chips = [{ kind: 'type' as const, label: 'PNG', not: false, from: 5, to: 13 }];
  const ask = async (query: ParsedQuery, of: typeof db) =>
    (
      await createSearchUseCase({ db: of, vectors, inference: fakePool(), readQuery: () => query }).rank(
        { ...question, text: 'dogs type:png' },
        { signal },
      )
    ).nothing;
  const filtered = { ...empty, chips, filters: [{ kind: 'type' as const, types: ['png' as const], not: false }] };
  expect(await ask(empty, indexed)).toEqual({ reason: 'empty', broader: [] });
  expect(await ask(filtered, indexed)).toEqual({ reason: 'filters', broader: [{ label: 'PNG', text: 'dogs' }] });
  expect((await ask(filtered, db))?.reason).toBe('not-indexed');
});

it('ends an older question of the same peer and mode alone', async () => {
  const open: (() => void)[] = [];
  const embedText: InferencePool['embedText'] = ({ texts }, call) =>
    new Promise((resolve, reject) => {
      open.push(() => resolve({ text: texts.map(vectorOf), sentence: texts.map(vectorOf) }));
      call.signal.addEventListener('abort', () => reject(new CancelledError()));
    });
  const { search } = setUp({ embedText });
  await search.service();
  const rank = (text: string, peer: string, mode: 'fused' | 'embedding' = 'fused') =>
    search.rank({ ...question, text, mode }, { signal, peer });
  const older = expect(rank('d', 'one')).rejects.toBeInstanceOf(CancelledError);
  const others = [rank('do', 'two'), rank('do', 'one', 'embedding'), rank('dog', 'one')];
  await older;
  await vi.waitFor(() => expect(open).toHaveLength(4));
  for (const go of open) go();
  expect((await Promise.all(others)).map(({ photoIds }) => photoIds[0])).toEqual([2, 4, 2]);
});

it('opens the models while a text is still being read, but for words alone', async () => {
  const { db, vectors } = setUp();
  const inference = fakePool();
  const pack = vi.spyOn(inference, 'pack');
  const open: (() => void)[] = [];
  const readQuery = (text: string) =>
    new Promise<ParsedQuery>((resolve) => open.push(() => resolve(literalQuery(text))));
  const search = createSearchUseCase({ db, vectors, inference, readQuery });
  const asked = [search.rank({ ...question, mode: 'words' }, { signal })];
  expect(pack).not.toHaveBeenCalled();
  asked.push(search.rank(question, { signal }));
  expect(pack).toHaveBeenCalledTimes(1);
  for (const go of open) go();
  expect((await Promise.all(asked)).map(({ photoIds }) => photoIds)).toEqual([[2], [2, 4]]);
});

it('finds words while the models are not open, or cannot be', async () => {
  const never = setUp({ pack: () => new Promise(() => undefined) }).search;
  expect((await never.rank({ ...question, mode: 'words' }, { signal })).photoIds).toEqual([2]);
  const damaged = setUp({ pack: () => Promise.reject(new AppError('model/checksum', 'damaged')) }).search;
  expect((await damaged.rank({ ...question, mode: 'words' }, { signal })).photoIds).toEqual([2]);
  expect((await damaged.find({ ...question, mode: 'words' }, { signal })).pending).toBe(0);
  await expect(damaged.rank(question, { signal })).rejects.toMatchObject({ code: 'model/checksum' });
});

const stopped = async () => {
  throw new AppError('vectors/failed', 'it ended 4 times');
};

it('finds words while no vectors can be compared, where a notice says so', async () => {
  const told = setUp({}, () => true);
  told.vectors.candidates = stopped;
  expect((await told.search.rank(question, { signal })).photoIds).toEqual([2]);
  expect((await told.search.find(question, { signal })).hits.map(({ photoId }) => photoId)).toEqual([]);
  await expect(told.search.rank({ ...question, mode: 'embedding' }, { signal })).rejects.toMatchObject({
    code: 'vectors/failed',
  });
  const untold = setUp();
  untold.vectors.candidates = stopped;
  await expect(untold.search.find(question, { signal })).rejects.toMatchObject({ code: 'vectors/failed' });
});

it('says that vectors were not compared where comparing has not stopped for good', async () => {
  let isStopped = false;
  const { search, vectors } = setUp({}, () => isStopped);
  vectors.candidates = stopped;
  for (const ask of ['rank', 'find'] as const)
    await expect(search[ask](question, { signal })).rejects.toMatchObject({ code: 'vectors/failed' });
  isStopped = true;
  expect((await search.rank(question, { signal })).photoIds).toEqual([2]);
});

it('answers the same words asked by the page at the same time as they stand in for its whole search', async () => {
  const { search, vectors, db } = setUp({}, () => true);
  vectors.candidates = stopped;
  const open: (() => void)[] = [];
  const summaries = vi
    .spyOn(db, 'summaries')
    .mockImplementation(() => new Promise((resolve) => open.push(() => resolve([]))));
  const call = { signal, peer: 'one' };
  const words = search.find({ ...question, mode: 'words' }, call);
  await vi.waitFor(() => expect(summaries).toHaveBeenCalledTimes(1));
  const whole = search.find(question, call);
  await vi.waitFor(() => expect(summaries).toHaveBeenCalledTimes(2));
  for (const go of open) go();
  await expect(words).resolves.toMatchObject({ hits: [] });
  await expect(whole).resolves.toMatchObject({ hits: [] });
});

it('asks for the vectors of another pack once that is in use', async () => {
  let pack = openedPack;
  const { search, asked } = setUp({ pack: async () => pack });
  await search.rank({ ...question, mode: 'embedding' }, { signal });
  const first = [...asked];
  pack = { ...openedPack, imageModelId: 'best@2/image', sentenceModelId: 'best@2/sentence' };
  await search.rank({ ...question, mode: 'embedding' }, { signal });
  expect(first.every((modelId) => modelId.startsWith('tiny@1/'))).toBe(true);
  expect(asked.slice(first.length).every((modelId) => modelId.startsWith('best@2/'))).toBe(true);
});

it('never ranks the vectors of one pack by the sentence of another: such a question is asked again', async () => {
  const best = { ...openedPack, imageModelId: 'best@2/image', sentenceModelId: 'best@2/sentence' };
  let pack = openedPack;
  const embedText: InferencePool['embedText'] = async ({ texts }) => {
    // The pack is exchanged while the sentence is on its way to it.
    pack = best;
    return { text: texts.map(vectorOf), sentence: texts.map(vectorOf) };
  };
  for (const ask of ['rank', 'find'] as const) {
    pack = openedPack;
    const { search, asked } = setUp({ pack: async () => pack, embedText });
    await search[ask]({ ...question, mode: 'embedding' }, { signal });
    expect(asked).not.toEqual([]);
    expect(asked.every((modelId) => modelId.startsWith('best@2/'))).toBe(true);
  }
});
