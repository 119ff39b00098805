// Reads what a photo's header says, without decoding pixels. Inference process.
import type { Metadata } from 'sharp';
import { ModelError } from '../errors.ts';
import { decodeError } from './decode-error.ts';
import { leastShareOfBlocks, maxHeldBytes, maxImageBytes, maxImagePixels, maxImageSide } from './limits.ts';
import { openFile } from './locked-sharp.ts';
import { swapsSides } from './orient.ts';
import { type ImageFormat, mimeType, sniff } from './sniff.ts';

export interface ImageFacts {
  /** As displayed, orientation applied. */
  width: number;
  height: number;
  /** As stored; for AVIF, whose container turns the picture itself, the same as displayed. */
  storedWidth: number;
  storedHeight: number;
  /** 1..8 as EXIF defines it: what the decoder found, else what the caller's metadata reader found, else 1. */
  orientation: number;
  /** True where the decoder does not see that orientation by itself (XMP in a PNG), so the pixels have to be turned after it. */
  isTurnedByUs: boolean;
  format: ImageFormat;
  mime: string;
  /** Frames or pages; only the first is ever decoded. */
  pages: number;
}

/**
 * @param knownOrientation from a metadata reader; used only where the decoder finds none and the container does not turn the picture.
 * @throws ModelError `decode/empty`, `decode/too-large`, `decode/unsupported` (naming the format) or `decode/corrupt`.
 */
export async function probeImage(bytes: Uint8Array, knownOrientation?: number): Promise<ImageFacts> {
  const format = supportedFormat(bytes);
  const metadata = await readHeader(bytes);
  const { width, height } = metadata;
  if (width * height > maxImagePixels || Math.max(width, height) > maxImageSide) {
    const limit = 'at most 268 million, 65,535 on a side';
    throw new ModelError('decode/too-large', `${width} x ${height} pixels is more than Photoseek opens (${limit}).`);
  }
  refuseLies(bytes.length, metadata, format);
  const found = metadata.orientation;
  const known = format !== 'avif' && found === undefined ? knownOrientation : undefined;
  const orientation = validOrientation(found ?? known);
  const isSideways = swapsSides(orientation) && format !== 'avif';
  return {
    width: isSideways ? height : width,
    height: isSideways ? width : height,
    storedWidth: width,
    storedHeight: height,
    orientation,
    isTurnedByUs: known !== undefined && orientation !== 1,
    format,
    mime: mimeType(format),
    pages: metadata.pages ?? 1,
  };
}

/** Headers that would cost far more than their file can be worth. */
function refuseLies(fileBytes: number, metadata: Metadata, format: ImageFormat): void {
  const { width, height } = metadata;
  if (format === 'jpeg' && fileBytes * 8 < ((width * height) / 64) * leastShareOfBlocks) {
    throw new ModelError(
      'decode/corrupt',
      `The picture is damaged (its header says ${width} x ${height} pixels, but almost nothing of them is in the file).`,
    );
  }
  if (width * height * heldBytesPerPixel(metadata, format) <= maxHeldBytes) return;
  throw new ModelError(
    'decode/too-large',
    `${width} x ${height} pixels stored in this way would take too much memory; save the picture without progressive display or interlacing.`,
  );
}

/** Bytes a decoder keeps of each pixel while it works; 0 where it goes through the picture row by row. */
function heldBytesPerPixel({ isProgressive, channels, depth }: Metadata, format: ImageFormat): number {
  const sampleBytes = depth === 'ushort' ? 2 : 1;
  if (format === 'avif') return 6;
  if (format === 'gif') return 4;
  if (!isProgressive) return 0;
  // Coefficients of two bytes each in a JPEG, whole pixels in a PNG.
  if (format === 'jpeg') return 2 * channels;
  return format === 'png' ? sampleBytes * channels : 0;
}

function supportedFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new ModelError('decode/empty', 'The file is empty.');
  if (bytes.length > maxImageBytes) throw new ModelError('decode/too-large', 'The file is larger than 512 MB.');
  const sniffed = sniff(bytes);
  if (sniffed.kind === 'image') return sniffed.format;
  const what =
    sniffed.name === 'unknown content' ? 'Its content is no picture format known here' : `This is ${sniffed.name}`;
  throw new ModelError('decode/unsupported', `${what}; Photoseek opens JPEG, PNG, WebP, TIFF, GIF and AVIF.`);
}

async function readHeader(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await openFile(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch (error) {
    throw decodeError(error);
  }
}

function validOrientation(value: number | undefined): number {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1;
}
