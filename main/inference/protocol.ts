// What the shell asks of an inference child process. Types only: the child implements them in entry/inference.ts.

import type { ErrorEnvelope } from '../../preload/contract/errors.ts';
import type { PhotoFacts } from '../library-db/library-rows.ts';

/** How a child is set up; plain data, sent once at its start. */
export interface InferenceInit {
  /** Folders searched for packs before the shipped ones. */
  readonly packFolders: readonly string[];
  readonly packId: string;
  /** What the pack must be, where other children work with it already: a pack replaced on disk must not join them. */
  readonly revision?: string;
  /** Derived file in which proved hashes and chosen providers are kept between runs; without it they are found out each time. */
  readonly factsFile?: string;
  /** Threads of one graph run; more children scale better than more threads (docs of the pack, performance figures). */
  readonly threads: number;
}

/** Facts about the opened pack, for `doctor`, for stored model ids and for the search service. */
export interface OpenedPack {
  readonly id: string;
  readonly revision: string;
  readonly pipelineVersion: number;
  readonly title: string;
  readonly licence: string;
  readonly notice: string;
  readonly sizeBytes: number;
  /** Every pack found, the active one included, and those refused with the reason. */
  readonly packs: readonly PackListing[];
  readonly imageModelId: string;
  readonly sentenceModelId: string;
  readonly captionModelId: string;
  /** The captioner starts from the image run's hidden states: embedding and captioning a photo together costs one image run. */
  readonly sharesImageRun: boolean;
  /** What decodes photos: results of another one are worth another try where they were failures. */
  readonly decoder: string;
  readonly fusion: unknown;
  /** Read by `readJudgement`. */
  readonly judgement?: unknown;
  readonly providers: readonly { readonly name: string; readonly used: boolean; readonly reason: string }[];
  readonly runtime: string;
}

export interface PackListing {
  readonly id: string;
  readonly revision: string;
  readonly title: string;
  readonly licence: string;
  readonly notice: string;
  readonly sizeBytes: number;
  /** `ok`, or why the pack cannot be used. */
  readonly state: string;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorEnvelope };

export interface IdentifiedFile {
  /** As found when its bytes were read, which may be later than the scan. */
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly facts: PhotoFacts;
}

/** What to make of a photo. `sha256` guards against a file that changed since it was identified; null reads any content. */
export interface AnalyseRequest {
  readonly path: string;
  readonly sha256: string | null;
  readonly thumbnail: boolean;
  readonly embedding: boolean;
  readonly caption: boolean;
}

/** An encoded picture, oriented. */
export interface SmallPicture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** Dominant colour, RGB 5-6-5. */
  readonly colour: number;
}

export interface AnalysedPhoto {
  readonly damaged: boolean;
  /** More than one frame. */
  readonly animated: boolean;
  readonly thumbnail: SmallPicture | null;
  readonly embedding: Float32Array | null;
  readonly captions: readonly string[];
  readonly captionVector: Float32Array | null;
}

/** A part of a picture, and the vector in the image space of the picture without it: what is missing from that is what the part shows. Sides as shares of the picture's, from the top left. */
export interface PicturePart {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly vector: Float32Array;
}

/** A picture that is at hand, encoded and upright, and its size in pixels. */
export interface PictureBytes {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Milliseconds of processor time by stage, summed over the child's life; read by the benchmarks. */
export interface StageTimes {
  readonly read: number;
  readonly decode: number;
  readonly model: number;
}

/**
 * One photo at fault never fails its batch: each has its own outcome. A whole call fails only with the process or the models.
 * Calls that answer a waiting person (`embedText`) run between the graph runs of a batch, never behind all of it.
 */
export interface InferenceService {
  /**
   * Reads a file's bytes once: hash, format and metadata. No pixels are decoded. Files whose hash is among `poisons` are looked into no further and fail
   * with `decode/poison`.
   */
  identify(input: { paths: readonly string[]; poisons?: readonly string[] }): Promise<Outcome<IdentifiedFile>[]>;
  /** Cancelling acts between photos and between batches: a graph run cannot be interrupted. */
  analyse(
    input: { photos: readonly AnalyseRequest[] },
    call: { signal: AbortSignal },
  ): Promise<Outcome<AnalysedPhoto>[]>;
  /** One sentence as a vector of the image space and as a sentence vector. */
  embedText(input: { texts: readonly string[] }): Promise<{ text: Float32Array[]; sentence: Float32Array[] }>;
  /**
   * A picture to fill a screen with, at most `longestSide` pixels a side, in a format that every browser shows. `sha256` as in `AnalyseRequest`.
   * Rejects with `fs/*` or `decode/*`.
   */
  preview(input: { path: string; sha256: string | null; longestSide: number }): Promise<SmallPicture>;
  /** A picture seen with one part after the other covered, smaller and larger ones. Cancelling acts between two parts, and questions are answered between them. */
  parts(input: { picture: PictureBytes }, call: { signal: AbortSignal }): Promise<PicturePart[]>;
  /** Dominant colours of stored thumbnails, RGB 5-6-5; null for one that is no picture. */
  colours(input: { thumbnails: readonly Uint8Array[] }): Promise<(number | null)[]>;
  /** Loads what the given work needs, so that the first request is not the slow one. */
  warm(input: { parts: readonly ('image' | 'text' | 'captioner')[] }): Promise<void>;
  /** CPU time and memory of the child. */
  usage(input: Record<string, never>): Promise<{ cpuMs: number; rssBytes: number; stages: StageTimes }>;
}

export const inferenceMethods = [
  'identify',
  'analyse',
  'embedText',
  'preview',
  'parts',
  'colours',
  'warm',
  'usage',
] as const satisfies readonly (keyof InferenceService)[];
