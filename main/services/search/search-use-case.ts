// Answers a typed sentence with the active pack: checks the text, opens what is needed, adds how complete the answer can be. Shell process.
import type { SearchMode } from '../../../preload/contract/search.ts';
import type { OpenedPack } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { AppError } from '../../platform/app-error.ts';
import type { VectorIndex } from '../../vectors/vector-index.ts';
import { stageVersions } from '../indexing/stage-versions.ts';
import type { SearchModels } from '../models/answering-pack.ts';
import { type Broader, broaderQueries } from './broaden.ts';
import { readFusionWeights } from './fusion.ts';
import { readJudgement } from './judging/judgement.ts';
import { literalQuery } from './language/literal-query.ts';
import type { ParsedQuery } from './parsed-query.ts';
import {
  createSearchService,
  type RankedPhotos,
  type SearchQuestion,
  type SearchService,
  type SearchServiceParts,
} from './search-service.ts';
import { sharedAnswers } from './shared-answers.ts';

export interface SearchUseCaseParts {
  readonly db: LibraryDb;
  readonly vectors: VectorIndex;
  readonly inference: SearchModels;
  /** Understands a typed text; one that is given none takes texts word for word. */
  readonly readQuery?: (text: string) => ParsedQuery | Promise<ParsedQuery>;
  /** Begins to read what texts are understood with. */
  readonly warmReader?: () => void;
  /** How much a hit must have for it to be called sure or worth showing, 0 to 1; 0.5 where absent. */
  readonly strictness?: () => number;
  /** Given where the interface says by itself that comparing has stopped: words stand in for a whole search while it has. */
  readonly comparingHasStopped?: () => boolean;
}

interface Completeness {
  readonly indexed: number;
  readonly pending: number;
}

/** What a text was understood as, for whoever shows it. */
interface Understood {
  readonly query: Mutable<Pick<ParsedQuery, 'texts' | 'chips' | 'notes'>>;
}

/** Answers cross the contract, whose lists may be written to. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

type Found = Awaited<ReturnType<SearchService['find']>> & Completeness & Understood;

/** `peer` is the connection that asks: its newest question ends its older ones of the same method and mode. */
interface Call {
  readonly signal: AbortSignal;
  readonly peer?: string;
}

interface Question {
  readonly text: string;
  readonly mode: SearchMode;
  readonly limit: number;
  /** Of `rank`: leaves out what is not worth showing. */
  readonly cut?: boolean;
}

/** Why nothing is worth showing, and what to ask instead. */
interface Nothing {
  readonly reason: 'not-indexed' | NonNullable<RankedPhotos['nothing']>;
  readonly broader: Broader[];
}

type Ranked = Omit<RankedPhotos, 'nothing'> & Completeness & Understood & { readonly nothing?: Nothing };

export interface SearchUseCase {
  /** Mode `words` answers also where no model can be opened. */
  find(input: Question, call: Call): Promise<Found>;
  /** Columns for a gallery. Mode `words` answers without waiting for a model. */
  rank(input: Question, call: Call): Promise<Ranked>;
  similar(input: { photoId: number; limit: number }): Promise<{ photoIds: number[]; scores: number[] }>;
  /** The service of the active pack, for what needs whole rankings. */
  service(): Promise<SearchService>;
  /** Starts the search process, reads its vectors and opens the text model, so that the first question is not the slow one; what fails is said by the search itself. */
  warm(): void;
}

export function createSearchUseCase(parts: SearchUseCaseParts): SearchUseCase {
  const { db, vectors, inference, readQuery = literalQuery } = parts;
  const shown = readBySearch(db);
  let opened: { readonly pack: OpenedPack; readonly service: SearchService } | undefined;
  const words = createSearchService({ db: shown, vectors, encodeQuery: noModel, pack: noPack });

  async function service(): Promise<SearchService> {
    // The search process starts while the models are opened, and reads its vectors while the sentence is encoded. What fails here
    // fails again, with its reason, in the search itself.
    const ignore = (): void => undefined;
    if (!opened) vectors.warm({ models: [] }).catch(ignore);
    const pack = await inference.pack();
    const { imageModelId, sentenceModelId } = pack;
    if (opened?.pack.imageModelId === imageModelId && opened.pack.sentenceModelId === sentenceModelId)
      return opened.service;
    const models = [
      { kind: 'image', modelId: imageModelId },
      { kind: 'caption', modelId: sentenceModelId },
      { kind: 'own', modelId: sentenceModelId },
    ] as const;
    vectors.warm({ models }).catch(ignore);
    opened = {
      pack,
      service: createSearchService({
        db: shown,
        vectors,
        encodeQuery: (text, call) => encode(inference, imageModelId, text, call),
        pack: {
          imageModelId,
          sentenceModelId,
          fusion: readFusionWeights(pack.fusion),
          judgement: readJudgement(pack.judgement),
        },
      }),
    };
    return opened.service;
  }

  /** A question that was on its way while another pack was taken into use is asked once more, of that pack. */
  async function withPack<T>(ask: (search: SearchService) => Promise<T>): Promise<T> {
    try {
      return await ask(await service());
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'vectors/stale-index')) throw error;
      return ask(await service());
    }
  }

  /** Words need no model: they are found while one is still being opened, or where none can be. */
  async function rank(input: Question, call: Call): Promise<Ranked> {
    const { ask: question, query } = await understood({ readQuery, service }, 'rank', input, call);
    const ask = { ...question, cut: input.cut ?? false, strictness: parts.strictness?.() ?? 0.5 };
    if (isForLibraryAlone(ask)) {
      const [ranked, complete] = await Promise.all([words.rank(ask, call), completeness(db, inference, opened?.pack)]);
      return { ...explained(input.text, ranked, complete, query), ...complete, query };
    }
    return withPack(async (search) => {
      const pack = await inference.pack();
      const [ranked, complete] = await Promise.all([search.rank(ask, call), completeness(db, inference, pack)]);
      return { ...explained(input.text, ranked, complete, query), ...complete, query };
    });
  }

  const search: SearchUseCase = {
    service,
    rank,
    warm() {
      parts.warmReader?.();
      const opened = service().then(() => inference.warmText());
      opened.catch(() => undefined);
    },
    similar: async (input) => (await service()).similar(input),
    async find(input, call) {
      const { ask, query } = await understood({ readQuery, service }, 'find', input, call);
      if (isForLibraryAlone(ask)) {
        const pack = await inference.pack().catch(() => undefined);
        const [found, complete] = await Promise.all([words.find(ask, call), completeness(db, inference, pack)]);
        return { ...found, ...complete, query };
      }
      return withPack(async (search) => {
        const pack = await inference.pack();
        const [found, complete] = await Promise.all([search.find(ask, call), completeness(db, inference, pack)]);
        return { ...found, ...complete, query };
      });
    },
  };
  return parts.comparingHasStopped ? wordsInNeed(search, parts.comparingHasStopped) : search;
}

/** Matching words still answer a whole search while the process that compares vectors is down; who asked for a ranking of its own is told. */
function wordsInNeed(search: SearchUseCase, comparingHasStopped: () => boolean): SearchUseCase {
  async function inNeed<T>(input: Question, call: Call, ask: (input: Question, call: Call) => Promise<T>): Promise<T> {
    try {
      return await ask(input, call);
    } catch (error) {
      const isDown = error instanceof AppError && error.code === 'vectors/failed' && comparingHasStopped();
      if (!isDown || input.mode !== 'fused') throw error;
      // Who asks for the same words beside the whole search is not to lose them to it.
      const own = call.peer === undefined ? call : { ...call, peer: `${call.peer} in need` };
      return ask({ ...input, mode: 'words' }, own);
    }
  }
  return {
    ...search,
    find: (input, call) => inNeed(input, call, search.find),
    rank: (input, call) => inNeed(input, call, search.rank),
  };
}

/** What a search reads of the library. Matching words are shown first, and are part of the whole ranking: both ask them at the same time. */
function readBySearch(db: LibraryDb): SearchServiceParts['db'] {
  return {
    searchWords: sharedAnswers(
      (input) => JSON.stringify(input),
      (input) => db.searchWords(input),
    ),
    photosWhere: sharedAnswers(
      (input) => JSON.stringify(input),
      (input) => db.photosWhere(input),
    ),
    newestWhere: (input) => db.newestWhere(input),
    summaries: (input) => db.summaries(input),
  };
}

/** The text as a question to the service, and as what the person is told of it. */
async function understood(
  { readQuery, service }: Required<Pick<SearchUseCaseParts, 'readQuery'>> & Pick<SearchUseCase, 'service'>,
  method: 'rank' | 'find',
  { text, mode, limit }: Question,
  { peer }: Call,
): Promise<{ ask: SearchQuestion } & Understood> {
  refuseEmpty(text);
  const reading = readQuery(text);
  // Where reading the text takes long, models and vectors are opened meanwhile; what fails there fails again in the search itself.
  if (reading instanceof Promise && mode !== 'words') service().catch(() => undefined);
  const query = await reading;
  const { texts, chips, notes } = query;
  return {
    ask: { query, mode, limit, ...(peer === undefined ? {} : { client: `${peer} ${method} ${mode}` }) },
    query: { texts: [...texts], chips: [...chips], notes: [...notes] },
  };
}

/** The ranking with its reason where there is nothing: what is not indexed yet cannot be found, whatever is asked. */
function explained(
  text: string,
  { nothing, ...ranked }: RankedPhotos,
  { indexed }: Completeness,
  query: Understood['query'],
): Omit<RankedPhotos, 'nothing'> & { readonly nothing?: Nothing } {
  if (!nothing) return ranked;
  const reason = indexed === 0 ? 'not-indexed' : nothing;
  return { ...ranked, nothing: { reason, broader: broaderQueries(text, query) } };
}

/** Matching words and conditions need no model and no vectors. */
function isForLibraryAlone({ query, mode }: SearchQuestion): boolean {
  return mode === 'words' || query.texts.length === 0;
}

function refuseEmpty(text: string): void {
  if (text.trim() !== '') return;
  throw new AppError(
    'input/invalid',
    'the sentence is empty; say what the photo shows, as in "two dogs playing in the snow"',
  );
}

/**
 * Before the pack is known, what can be found is what has words: every photo that was read. While the pack before still answers, what is left is what the coming
 * one has not seen.
 */
async function completeness(
  db: LibraryDb,
  inference: SearchModels,
  pack: OpenedPack | undefined,
): Promise<Completeness> {
  const coming = pack && (await (inference.coming?.() ?? inference.pack()).catch(() => pack));
  const counts = await db.counts({ wanted: coming ? stageVersions(coming) : [] });
  const isOwn = coming !== undefined && coming.imageModelId === pack?.imageModelId;
  return { indexed: isOwn ? counts.indexed : counts.photos, pending: counts.pending + counts.unidentified };
}

/** @throws AppError `vectors/stale-index` where another pack than the one asked for gave the vectors, or may have. */
async function encode(
  inference: SearchModels,
  imageModelId: string,
  text: string,
  call: { signal: AbortSignal },
): Promise<{ text: Float32Array; sentence: Float32Array }> {
  const vectors = await inference.embedText({ texts: [text] }, call);
  if ((await inference.pack()).imageModelId !== imageModelId) {
    throw new AppError('vectors/stale-index', 'another model pack was taken into use; ask again');
  }
  const [ofText] = vectors.text;
  const [ofSentence] = vectors.sentence;
  if (!ofText || !ofSentence) {
    throw new AppError('model/shape', 'the text model gave no vector; the pack is damaged, install it again');
  }
  return { text: ofText, sentence: ofSentence };
}

/** What a search by words alone is made with: no question of it reaches a model or the vector index. */
const noPack = { imageModelId: '', sentenceModelId: '', fusion: null };

async function noModel(): Promise<never> {
  throw new AppError('internal', 'a search by words asks no model');
}
