// Tells why a photo was found for a sentence: its words that match, what each signal earned, and where in the picture it is. Shell process.
import type { Explanation, SearchMode } from '../../../../preload/contract/search.ts';
import type { OpenedPack } from '../../../inference/protocol.ts';
import type { LibraryDb } from '../../../library-db/library-db.ts';
import type { WordMatches } from '../../../library-db/library-rows.ts';
import { throwIfCancelled } from '../../../platform/app-error.ts';
import type { VectorIndex } from '../../../vectors/vector-index.ts';
import type { SearchModels } from '../../models/answering-pack.ts';
import { type FusionWeights, fuse, readFusionWeights } from '../fusion.ts';
import { type EncodedQuery, gatherSignals } from '../gather-signals.ts';
import { literalQuery } from '../language/literal-query.ts';
import { createLatestWins } from '../latest-wins.ts';
import type { ParsedQuery } from '../parsed-query.ts';
import { type EncodeQuery, rememberingEncoder } from '../query-encoder.ts';
import type { QuerySignals } from '../signals.ts';
import { createPictureRegion } from './picture-region.ts';
import { noShares, scoreShares } from './score-shares.ts';

export interface ExplainUseCaseParts {
  readonly db: Pick<LibraryDb, 'wordMatches' | 'thumbnail' | 'photosWhere' | 'searchWords'>;
  readonly vectors: VectorIndex;
  readonly inference: Pick<SearchModels, 'pack' | 'embedText' | 'parts'>;
  /** As the search reads it; one that is given none takes texts word for word. */
  readonly readQuery?: (text: string) => ParsedQuery;
}

interface Question {
  readonly text: string;
  readonly photoId: number;
  readonly mode: SearchMode;
  /** The region costs some seconds where the photo was not looked at part by part yet; without it the answer is there at once. */
  readonly region: boolean;
}

export interface ExplainUseCase {
  /** A newer question of the same peer ends an older one. Modes whose score the picture has no part in have no region. */
  explain(input: Question, call: { readonly signal: AbortSignal; readonly peer?: string }): Promise<Explanation>;
}

/** The pack that answers, with the sentences it has read. */
interface Models {
  readonly pack: OpenedPack;
  readonly encode: EncodeQuery;
}

/** One text of the query, and what it says of the photo. */
interface Asked {
  readonly encoded: EncodedQuery;
  readonly signals: QuerySignals;
  /** Place of the photo in them. */
  readonly at: number;
}

export function createExplainUseCase(parts: ExplainUseCaseParts): ExplainUseCase {
  const { db, vectors, inference, readQuery = literalQuery } = parts;
  const latestWins = createLatestWins();
  const regionOf = createPictureRegion(parts);
  let opened: Models | undefined;

  async function models(): Promise<Models> {
    const pack = await inference.pack();
    if (opened?.pack.imageModelId !== pack.imageModelId || opened.pack.sentenceModelId !== pack.sentenceModelId) {
      opened = {
        pack,
        encode: rememberingEncoder(async (text, call) => encodedOf(await inference.embedText({ texts: [text] }, call))),
      };
    }
    return opened;
  }

  /** By the best of the query's texts, as the search ranks. */
  async function ask(
    query: ParsedQuery,
    photoId: number,
    words: WordMatches,
    signal: AbortSignal,
  ): Promise<Asked | null> {
    const { pack, encode } = await models();
    const weights = readFusionWeights(pack.fusion);
    const scored = { photoIds: [photoId], scores: [words.score] };
    const texts = await Promise.all(
      query.texts.map(async (text) => ({ text, encoded: await encode(text, { signal }), words: scored })),
    );
    throwIfCancelled(signal);
    if (texts.length === 0) return null;
    const gathered = await gatherSignals(
      { db, vectors, models: pack },
      { depth: 1, exact: 1 },
      { texts, without: [], within: null },
    );
    throwIfCancelled(signal);
    return bestOf(gathered.texts, texts, photoId, weights);
  }

  async function explain({ text, photoId, mode, region }: Question, signal: AbortSignal): Promise<Explanation> {
    const query = readQuery(text);
    const words = await db.wordMatches({ text: literalWords(query), photoId });
    throwIfCancelled(signal);
    const matches = words.texts.map(({ spans, ...line }) => ({
      ...line,
      spans: spans.map(([from, to]): [number, number] => [from, to]),
    }));
    if (mode === 'words')
      return { words: matches, shares: { ...noShares, words: words.score > 0 ? 1 : 0 }, region: null };
    const asked = await ask(query, photoId, words, signal);
    const { pack, encode } = await models();
    if (!asked) return { words: matches, shares: noShares, region: null };
    const shares = scoreShares(asked.signals, asked.at, mode, readFusionWeights(pack.fusion));
    // A picture that earned nothing has no region that did.
    if (!region || !(shares.embedding > 0)) return { words: matches, shares, region: null };
    const { imageModelId } = pack;
    const grid = await regionOf({ photoId, sentence: asked.encoded.text, imageModelId, encode }, signal);
    return { words: matches, shares, region: grid && { ...grid, values: [...grid.values] } };
  }

  return {
    explain: (input, { signal, peer }) => latestWins(peer && `${peer} explain`, signal, (both) => explain(input, both)),
  };
}

/** Of the texts the one that ranks the photo highest. */
function bestOf(
  gathered: readonly QuerySignals[],
  texts: readonly { readonly encoded: EncodedQuery }[],
  photoId: number,
  weights: FusionWeights | null,
): Asked | null {
  let best: { readonly score: number; readonly asked: Asked } | undefined;
  for (const [i, signals] of gathered.entries()) {
    const at = signals.photoIds.indexOf(photoId);
    const score = (weights ? fuse(signals, weights) : signals.embedding.scores)[at] ?? Number.NaN;
    const { encoded } = texts[i] as (typeof texts)[number];
    if (!best || score > best.score) best = { score, asked: { encoded, signals, at } };
  }
  return best?.asked ?? null;
}

/** What the word index is asked for, exact words included. */
function literalWords({ texts, filters }: ParsedQuery): string {
  const phrases = filters.flatMap((filter) => (filter.kind === 'phrase' && !filter.not ? [filter.text] : []));
  return [...phrases, ...texts].join(' ');
}

function encodedOf({ text, sentence }: Awaited<ReturnType<SearchModels['embedText']>>): EncodedQuery {
  const [ofText = new Float32Array(0)] = text;
  const [ofSentence = new Float32Array(0)] = sentence;
  return { text: ofText, sentence: ofSentence };
}
