// Decodes a photo once, from memory, into a thumbnail and the inputs of models. Inference process.
import type { SharpOptions } from 'sharp';
import { ModelError } from '../errors.ts';
import { decodeError, isHarmlessComplaint } from './decode-error.ts';
import { decodeTimeoutSeconds, maxImagePixels } from './limits.ts';
import { openFile } from './locked-sharp.ts';
import { orientPixels, swapsSides } from './orient.ts';
import { type PixelTensor, type PreprocessSpec, preprocess, type RawPicture, type Size } from './preprocess.ts';
import { type ImageFacts, probeImage } from './probe-image.ts';
import { makeThumbnail, type Thumbnail, type ThumbnailRequest, thumbnailSize } from './thumbnail.ts';

export interface DecodeRequest {
  thumbnail?: ThumbnailRequest | undefined;
  /** What `ModelPack.inputsFor` asks for; may be empty. */
  inputs: readonly PreprocessSpec[];
  /** Orientation by the caller's metadata reader, for formats whose own is not seen by the decoder. */
  orientation?: number | undefined;
}

export interface DecodedPhoto extends ImageFacts {
  /** Pixels are missing or spoiled: the picture is shown as far as it goes. */
  damaged: boolean;
  thumbnail?: Thumbnail;
  /** One per requested spec, in the same order. */
  inputs: PixelTensor[];
}

/** @throws ModelError `decode/*`, `inference/timeout` or `inference/out-of-memory`. The bytes are not changed. */
export async function decodePhoto(bytes: Uint8Array, request: DecodeRequest): Promise<DecodedPhoto> {
  const facts = await probeImage(bytes, request.orientation);
  const { picture, damaged } = await decodeShared(bytes, facts, sharedSize(facts, request));
  try {
    const inputs: PixelTensor[] = [];
    for (const spec of request.inputs) inputs.push(await preprocess(picture, spec));
    const photo: DecodedPhoto = { ...facts, damaged, inputs };
    if (request.thumbnail) photo.thumbnail = await makeThumbnail(picture, facts, request.thumbnail);
    return photo;
  } catch (error) {
    throw decodeError(error);
  }
}

/**
 * Size of the shared picture as displayed: enough for every input and for the thumbnail on each side by itself, never enlarged. The sides
 * are scaled apart because a strip of 60,000 x 32 pixels would otherwise stay as wide as it is; what is made of it puts them right.
 * Measured on the starter's image vectors, resizing in two steps against one: cosine 0.9991 (least 0.9976) on 640 x 480, 0.9990 (0.9973)
 * on camera photos. A shared picture 1.5 times as large gave 0.9995 for 1 to 5 ms more, which is below what int8 does to the vector.
 */
export function sharedSize(facts: Size, request: DecodeRequest): Size {
  const needs = request.inputs.map((spec) => neededFor(facts, spec));
  if (request.thumbnail) needs.push(thumbnailSize(facts, request.thumbnail));
  return {
    width: Math.min(facts.width, Math.max(1, ...needs.map((need) => need.width))),
    height: Math.min(facts.height, Math.max(1, ...needs.map((need) => need.height))),
  };
}

/**
 * A model that cuts the centre needs the whole picture at the scale of its box, up to a panorama of 16 to 1.
 * The subtrahend keeps 224.00000000000003 from becoming 225.
 */
function neededFor({ width, height }: Size, spec: PreprocessSpec): Size {
  if (spec.fit === 'squash') return spec;
  const scale = Math.max(spec.width / width, spec.height / height);
  return {
    width: Math.min(Math.ceil(width * scale - 1e-6), spec.width * 16),
    height: Math.min(Math.ceil(height * scale - 1e-6), spec.height * 16),
  };
}

async function decodeShared(bytes: Uint8Array, facts: ImageFacts, size: Size) {
  const startedAt = performance.now();
  try {
    return { picture: await decodeRaw(bytes, facts, size, firstFailOn(facts), decodeTimeoutSeconds), damaged: false };
  } catch (first) {
    const error = decodeError(first);
    if (error.code !== 'decode/corrupt') throw error;
    const secondsLeft = decodeTimeoutSeconds - (performance.now() - startedAt) / 1000;
    try {
      const picture = await decodeRaw(bytes, facts, size, 'none', Math.max(1, Math.floor(secondsLeft)));
      return { picture, damaged: !isHarmlessComplaint(first) };
    } catch (second) {
      throw decodeError(second);
    }
  }
}

/** JPEG decoders only warn of lost data; a warning about a TIFF is mostly about a tag nobody needs. */
function firstFailOn({ format }: ImageFacts): SharpOptions['failOn'] {
  return format === 'jpeg' ? 'warning' : 'error';
}

async function decodeRaw(
  bytes: Uint8Array,
  facts: ImageFacts,
  size: Size,
  failOn: SharpOptions['failOn'],
  seconds: number,
) {
  const turned = facts.isTurnedByUs && swapsSides(facts.orientation);
  const { data, info } = await openFile(bytes, { failOn, limitInputPixels: maxImagePixels, autoOrient: true })
    .timeout({ seconds })
    .flatten({ background: '#ffffff' })
    .resize({ width: turned ? size.height : size.width, height: turned ? size.width : size.height, fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const picture: RawPicture = { width: info.width, height: info.height, data: threeChannels(data, info.channels) };
  return facts.isTurnedByUs ? orientPixels(picture, facts.orientation) : picture;
}

/** Grey pictures stay one channel through sharp. */
function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  if (channels > 4) throw new ModelError('decode/unsupported', `Pictures with ${channels} channels are not supported.`);
  const count = data.length / channels;
  const out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      out[i * 3 + channel] = data[i * channels + (channels < 3 ? 0 : channel)] as number;
    }
  }
  return out;
}
