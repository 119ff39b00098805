// The photos that benchmarks read: a labelled set beside the repository where there is one, else variants of the sample photos. Benchmark process.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { repository } from './packs.ts';

const labelled = path.join(repository, '..', 'shared', 'data', 'flickr8k-val');
const samples = path.join(repository, 'docs', 'sample-photos');

/** Fills a folder with `count` different photos. @returns what they are, for the record. */
export async function fillWithPhotos(
  folder: string,
  count: number,
  skip = 0,
): Promise<{ source: string; bytes: number }> {
  mkdirSync(folder, { recursive: true });
  const images = path.join(labelled, 'images');
  const names = existsSync(images)
    ? readdirSync(images)
        .sort()
        .slice(skip, skip + count)
    : [];
  let bytes = 0;
  if (names.length === count) {
    for (const name of names) {
      const data = readFileSync(path.join(images, name));
      bytes += data.length;
      writeFileSync(path.join(folder, name), data);
    }
    return { source: 'flickr8k-val', bytes };
  }
  for (let i = 0; i < count; i++) bytes += await writeVariant(path.join(folder, `variant-${i}.jpg`), skip + i);
  return { source: 'variants of docs/sample-photos, 500 pixels wide', bytes };
}

/** Crops that move with the number, so that no two files and no two pictures are the same. */
async function writeVariant(file: string, index: number): Promise<number> {
  const names = readdirSync(samples)
    .filter((name) => name.endsWith('.jpg'))
    .sort();
  const picture = sharp(path.join(samples, names[index % names.length] as string));
  const { width, height } = await picture.metadata();
  const inset = 1 + (Math.floor(index / names.length) % 40);
  const data = await picture
    .extract({ left: inset, top: inset, width: width - 2 * inset, height: height - 2 * inset })
    .resize({ width: 500 })
    .modulate({ brightness: 0.9 + (index % 20) / 100 })
    .jpeg({ quality: 85 })
    .toBuffer();
  writeFileSync(file, data);
  return data.length;
}

/** A camera-like JPEG of a size, made from a sample photo: real edges, so that its entropy is a photo's. */
export async function cameraPhoto(width: number, height: number): Promise<Buffer> {
  const grain = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const noise = await sharp({ create: { width, height, channels: 3, background: '#808080', noise: grain } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(path.join(samples, 'temple.jpg'))
    .resize({ width, height, fit: 'cover', kernel: 'cubic' })
    .composite([{ input: noise, blend: 'soft-light' }])
    .removeAlpha()
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** Fills a folder with 12-megapixel photos: the same picture, with other bytes in each file. */
export async function fillWithCameraPhotos(folder: string, count: number): Promise<{ source: string; bytes: number }> {
  mkdirSync(folder, { recursive: true });
  const photo = await cameraPhoto(4000, 3000);
  for (let i = 0; i < count; i++) writeFileSync(path.join(folder, `camera-${i}.jpg`), withComment(photo, `photo ${i}`));
  return { source: 'made 4000 x 3000 JPEG', bytes: photo.length * count };
}

/** Puts a comment segment behind the start marker: other bytes, the same picture. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(comment.length + 2);
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xfe]),
    length,
    Buffer.from(comment),
    jpeg.subarray(2),
  ]);
}

/** Sentences to ask, all different: the labelled set's captions, else combinations of common words. */
export function sentences(count: number): string[] {
  const file = path.join(labelled, 'captions.tsv');
  const found = existsSync(file)
    ? [
        ...new Set(
          readFileSync(file, 'utf8')
            .split('\n')
            .map((line) => line.split('\t')[1]?.trim() ?? ''),
        ),
      ].filter(Boolean)
    : [];
  // Spread over the set: neighbours describe one photo.
  const step = Math.max(1, Math.floor(found.length / count));
  const spread = found.filter((_, i) => i % step === 0).slice(0, count);
  for (let i = spread.length; i < count; i++) spread.push(madeSentence(i));
  return spread;
}

const parts = [
  'two,a young,an old,three,a small,a brown,a black,a white,a smiling,a tired'.split(','),
  'dogs,woman,man,children,girl,boy,cat,horse,bird,crowd'.split(','),
  'running,standing,jumping,sitting,playing,walking,climbing,sleeping,waiting,swimming'.split(','),
  'in the snow,on a beach,near a lake,by a red wall,in a city street,on the grass,at night,under a bridge,in a kitchen,on a mountain'.split(
    ',',
  ),
] as const;

/** The number written in words: 10,000 different ones. */
function madeSentence(index: number): string {
  return parts.map((words, i) => words[Math.floor(index / 10 ** i) % 10]).join(' ');
}
