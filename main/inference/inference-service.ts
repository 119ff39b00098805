// The work of an inference child: read a photo's bytes once, decode once, run the models. Runs only in that child; what touches native code is injected.
import { basename } from 'node:path';
import type { DecodedPhoto, DecodeRequest } from '../../native-models/image/decode-photo.ts';
import type { Box } from '../../native-models/image/picture-parts.ts';
import type { PixelTensor, PreprocessSpec, RawPicture } from '../../native-models/image/preprocess.ts';
import type { ModelPack } from '../../native-models/open-pack.ts';
import type { PhotoAnalysis } from '../../native-models/photo-analyser.ts';
import type { PhotoMetadata } from '../metadata/photo-metadata.ts';
import { AppError, throwIfCancelled, toEnvelope } from '../platform/app-error.ts';
import { sha256Of, toFacts } from './photo-facts.ts';
import type {
  AnalysedPhoto,
  AnalyseRequest,
  IdentifiedFile,
  InferenceService,
  Outcome,
  PictureBytes,
  PicturePart,
  SmallPicture,
} from './protocol.ts';
import { readPhoto } from './read-photo.ts';

export interface InferenceParts {
  readonly pack: ModelPack;
  decode(bytes: Uint8Array, request: DecodeRequest): Promise<DecodedPhoto>;
  readMetadata(bytes: Uint8Array, sidecarXmp?: string): PhotoMetadata;
  readSidecar(path: string): Promise<string | null>;
  colourOfThumbnail(bytes: Uint8Array): Promise<number | null>;
  partBoxes(): Box[];
  withoutPart(picture: RawPicture, box: Box, spec: PreprocessSpec): Promise<PixelTensor>;
  /** Any error as an `AppError`: foreign ones are converted here, at the boundary that meets them. */
  toAppError(error: unknown): Error;
  /** Runs work that native code may never come back from. */
  guard<T>(work: () => Promise<T>): Promise<T>;
  readonly maxFileBytes: number;
  readonly thumbnailSide: number;
}

/** WebP of a photo as large as a screen: above this nobody sees a difference, and the file grows by half. */
const previewQuality = 82;

export function createInferenceService(parts: InferenceParts): InferenceService {
  const stages = { read: 0, decode: 0, model: 0 };

  async function timed<T>(stage: keyof typeof stages, work: () => Promise<T>): Promise<T> {
    const before = process.cpuUsage();
    const result = await work();
    const used = process.cpuUsage(before);
    stages[stage] += (used.user + used.system) / 1000;
    return result;
  }

  async function identify(path: string, poisons: ReadonlySet<string>): Promise<IdentifiedFile> {
    const { bytes, sizeBytes, mtimeMs } = await readPhoto(path, parts.maxFileBytes);
    if (poisons.size > 0 && poisons.has(sha256Of(bytes))) throw poisonError();
    const metadata = parts.readMetadata(bytes, (await parts.readSidecar(path)) ?? undefined);
    if (metadata.format === null)
      throw new AppError('decode/unsupported', `${basename(path)} is not a picture of a known kind`);
    return { sizeBytes, mtimeMs, facts: toFacts(bytes, metadata) };
  }

  async function readKnown(path: string, sha256: string | null): Promise<Buffer> {
    const { bytes } = await timed('read', () => readPhoto(path, parts.maxFileBytes));
    if (sha256 === null || sha256Of(bytes) === sha256) return bytes;
    throw new AppError('fs/changed', `${basename(path)} changed while it was being read; it will be read again`);
  }

  async function prepare(request: AnalyseRequest): Promise<DecodedPhoto> {
    const bytes = await readKnown(request.path, request.sha256);
    return timed('decode', () =>
      parts.guard(() =>
        parts.decode(bytes, {
          ...(request.thumbnail ? { thumbnail: { longestSide: parts.thumbnailSide } } : {}),
          inputs: request.embedding || request.caption ? parts.pack.inputsFor(request) : [],
          // Some formats carry it where the decoder does not look (XMP in a PNG).
          orientation: parts.readMetadata(bytes).orientation ?? undefined,
        }),
      ),
    );
  }

  async function analyse(requests: readonly AnalyseRequest[], signal: AbortSignal): Promise<Outcome<AnalysedPhoto>[]> {
    const decoded: Outcome<DecodedPhoto>[] = [];
    // One after the other: two decodes at once would double the peak, and a second child keeps the other core busy.
    for (const request of requests) {
      throwIfCancelled(signal);
      decoded.push(await attempt(parts, () => prepare(request)));
    }
    throwIfCancelled(signal);
    const analyses = await timed('model', () => runModels(parts, requests, decoded));
    return decoded.map((photo, index) => {
      if (!photo.ok) return photo;
      const analysis = analyses.get(index);
      return analysis?.ok === false ? analysis : { ok: true, value: toAnalysed(photo.value, analysis?.value) };
    });
  }

  return {
    async identify({ paths, poisons }) {
      const known = new Set(poisons);
      const outcomes: Outcome<IdentifiedFile>[] = [];
      for (const path of paths) outcomes.push(await attempt(parts, () => timed('read', () => identify(path, known))));
      return outcomes;
    },
    analyse: ({ photos }, { signal }) => converted(parts, () => analyse(photos, signal)),
    embedText: ({ texts }) => converted(parts, () => parts.pack.embedText(texts)),
    preview: ({ path, sha256, longestSide }) =>
      converted(parts, async () => previewOf(parts, path, await readKnown(path, sha256), longestSide)),
    parts: ({ picture }, { signal }) => converted(parts, () => lookAtParts(parts, picture, signal)),
    colours: ({ thumbnails }) => converted(parts, () => Promise.all(thumbnails.map(parts.colourOfThumbnail))),
    warm: (input) => converted(parts, () => parts.pack.warm(input.parts)),
    async usage() {
      const cpu = process.cpuUsage();
      return { cpuMs: (cpu.user + cpu.system) / 1000, rssBytes: process.memoryUsage.rss(), stages: { ...stages } };
    },
  };
}

/** One run a part, so that whoever waits for something else waits for one run at most. */
async function lookAtParts(parts: InferenceParts, given: PictureBytes, signal: AbortSignal): Promise<PicturePart[]> {
  const { pack } = parts;
  const wanted = { embedding: true, caption: false };
  const [spec] = pack.inputsFor(wanted);
  if (!spec) throw new AppError('model/missing', 'the model pack has no image model');
  const picture = await rawOf(parts, given, spec);
  const looked: PicturePart[] = [];
  for (const box of parts.partBoxes()) {
    throwIfCancelled(signal);
    const input = await parts.withoutPart(picture, box, spec);
    const [part] = await runApart(parts, [[input]], wanted);
    // A picture in which nothing is left may have no direction: it says nothing, as if it had not been looked at.
    if (part?.ok && part.value.embedding) looked.push({ ...box, vector: part.value.embedding });
  }
  return looked;
}

/** The picture's own pixels, whatever form the model wants them in. */
async function rawOf(
  parts: InferenceParts,
  { bytes, width, height }: PictureBytes,
  spec: PreprocessSpec,
): Promise<RawPicture> {
  const raw: PreprocessSpec = { ...spec, width, height, fit: 'squash', layout: 'NHWC', type: 'uint8' };
  const decoded = await parts.guard(() => parts.decode(bytes, { inputs: [raw] }));
  return { width, height, data: decoded.inputs[0]?.data as Uint8Array };
}

async function previewOf(
  parts: InferenceParts,
  path: string,
  bytes: Buffer,
  longestSide: number,
): Promise<SmallPicture> {
  const { thumbnail } = await parts.guard(() =>
    parts.decode(bytes, {
      thumbnail: { longestSide, quality: previewQuality },
      inputs: [],
      orientation: parts.readMetadata(bytes).orientation ?? undefined,
    }),
  );
  if (!thumbnail) throw new AppError('decode/corrupt', `${basename(path)} could not be shown`);
  return thumbnail;
}

function poisonError(): AppError {
  return new AppError(
    'decode/poison',
    'Reading these bytes ended the process twice; the file is left out. Repair or remove it.',
  );
}

async function attempt<T>(parts: InferenceParts, work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toEnvelope(parts.toAppError(error)) };
  }
}

async function converted<T>(parts: InferenceParts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw parts.toAppError(error);
  }
}

/** Photos that want the same outputs run together. @returns outcomes by place in the request. */
async function runModels(
  parts: InferenceParts,
  requests: readonly AnalyseRequest[],
  decoded: readonly Outcome<DecodedPhoto>[],
): Promise<Map<number, Outcome<PhotoAnalysis>>> {
  const groups = new Map<string, { places: number[]; tensors: PixelTensor[][]; request: AnalyseRequest }>();
  decoded.forEach((photo, place) => {
    const request = requests[place];
    if (!photo.ok || !request || !(request.embedding || request.caption)) return;
    const key = `${request.embedding} ${request.caption}`;
    const group = groups.get(key) ?? { places: [], tensors: [], request };
    group.places.push(place);
    group.tensors.push(photo.value.inputs);
    groups.set(key, group);
  });
  const outcomes = new Map<number, Outcome<PhotoAnalysis>>();
  for (const { places, tensors, request } of groups.values()) {
    for (const [index, result] of (await runApart(parts, tensors, request)).entries())
      outcomes.set(places[index] ?? -1, result);
  }
  return outcomes;
}

/** A picture of which the models make nothing usable (a blank one may give a vector without a direction) is found by running each photo alone. */
async function runApart(
  parts: InferenceParts,
  tensors: PixelTensor[][],
  wanted: Pick<AnalyseRequest, 'embedding' | 'caption'>,
): Promise<Outcome<PhotoAnalysis>[]> {
  try {
    return (await parts.pack.analysePhotos(tensors, wanted)).map((value) => ({ ok: true, value }));
  } catch (error) {
    const known = parts.toAppError(error);
    if (!(known instanceof AppError && known.code === 'model/shape')) throw error;
    if (tensors.length === 1) return [{ ok: false, error: toEnvelope(known) }];
  }
  const outcomes: Outcome<PhotoAnalysis>[] = [];
  for (const photo of tensors) outcomes.push(...(await runApart(parts, [photo], wanted)));
  return outcomes;
}

function toAnalysed(photo: DecodedPhoto, analysis: PhotoAnalysis | undefined): AnalysedPhoto {
  return {
    damaged: photo.damaged,
    animated: photo.pages > 1 && photo.format !== 'tiff' && photo.format !== 'avif',
    thumbnail: photo.thumbnail ?? null,
    embedding: analysis?.embedding ?? null,
    captions: (analysis?.captions ?? []).map((caption) => caption.text),
    captionVector: analysis?.captionVector ?? null,
  };
}
