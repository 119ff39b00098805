// Photo files made up by seed: good ones by the dozen, and broken ones of every kind that a hostile folder holds. Test processes.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A small JPEG of coloured patches, different for each seed. */
export function patchesJpeg(seed: number, side = 48): Promise<Buffer> {
  const random = seededRandom(seed);
  const raw = Buffer.from(Array.from({ length: 8 * 8 * 3 }, () => Math.floor(random() * 256)));
  return sharp(raw, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(side, side, { kernel: 'nearest' })
    .jpeg()
    .toBuffer();
}

/** Writes photos `photo-0000.jpg` and on, in sub-folders of 50. @returns the paths written. */
export async function makePhotos(folder: string, count: number, firstSeed = 1): Promise<string[]> {
  const paths: string[] = [];
  for (let index = 0; index < count; index++) {
    const inner = join(folder, `album-${Math.floor(index / 50)}`);
    mkdirSync(inner, { recursive: true });
    const path = join(inner, `photo-${String(index).padStart(4, '0')}.jpg`);
    writeFileSync(path, await patchesJpeg(firstSeed + index));
    paths.push(path);
  }
  return paths;
}

/** A PNG whose header tells any size; its pixels are those of a tiny one. */
export function pngClaiming(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="red"/></svg>';

/** Writes about forty broken or lying files. @returns their names. */
export async function makeBrokenFiles(folder: string): Promise<string[]> {
  const random = seededRandom(7);
  const jpeg = await patchesJpeg(1, 96);
  const raw = sharp(jpeg);
  const good: Record<string, Buffer> = {
    jpg: jpeg,
    png: await raw.clone().png().toBuffer(),
    webp: await raw.clone().webp().toBuffer(),
    gif: await raw.clone().gif().toBuffer(),
    tif: await raw.clone().tiff().toBuffer(),
    avif: await raw.clone().avif({ effort: 0 }).toBuffer(),
  };
  const files: Record<string, Buffer> = {
    'empty.jpg': Buffer.alloc(0),
    'one-byte.png': Buffer.from([0x89]),
    'zeros.jpg': Buffer.alloc(4_096),
    'bomb.png': pngClaiming(60_000, 60_000),
    'wide-bomb.png': pngClaiming(2_000_000_000, 1),
    'no-width.png': pngClaiming(0, 10),
    'lying.png': pngClaiming(4_000, 4_000),
    'drawing.jpg': Buffer.from(svg),
    'drawing.svg': Buffer.from(svg),
    'page.jpg': Buffer.from('<!doctype html><title>not found</title>'),
    'png-named.jpg': good['png'] as Buffer,
    nameless: good['webp'] as Buffer,
    'cut-header.jpg': jpeg.subarray(0, 20),
    'two-pictures.jpg': Buffer.concat([jpeg, jpeg]),
    'endless-exif.jpg': Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from([0xff, 0xe1, 0xff, 0xff]),
      Buffer.from('Exif\0\0MM\0*'),
      jpeg.subarray(2),
    ]),
  };
  for (const [ending, bytes] of Object.entries(good)) {
    files[`cut-half.${ending}`] = bytes.subarray(0, bytes.length >> 1);
    files[`cut-last.${ending}`] = bytes.subarray(0, bytes.length - 5);
    files[`flipped.${ending}`] = flipped(bytes, random, 12);
    files[`header-lies.${ending}`] = flipped(bytes.subarray(0, 64), random, 6, bytes.subarray(64));
  }
  for (let index = 0; index < 4; index++) {
    files[`noise-${index}.jpg`] = Buffer.from(Array.from({ length: 2_000 }, () => Math.floor(random() * 256)));
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return Object.keys(files);
}

function flipped(bytes: Buffer, random: () => number, count: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const copy = Buffer.from(bytes);
  for (let flip = 0; flip < count; flip++) {
    const at = 4 + Math.floor(random() * (copy.length - 4));
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return Buffer.concat([copy, rest]);
}

/** Copies named files. */
export function copyAll(from: string, names: readonly string[], to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of names) copyFileSync(join(from, name), join(to, name));
}
