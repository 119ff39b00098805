import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { ModelError } from '../../native-models/errors.ts';
import { decodePhoto } from '../../native-models/image/decode-photo.ts';
import type { PreprocessSpec } from '../../native-models/image/preprocess.ts';

const spec: PreprocessSpec = {
  width: 32,
  height: 32,
  fit: 'squash',
  kernel: 'lanczos3',
  layout: 'NHWC',
  type: 'uint8',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const states = ['whole', 'damaged', 'decode/corrupt', 'decode/unsupported', 'decode/too-large', 'decode/empty'];
let originals: Buffer[];

beforeAll(async () => {
  const noise = sharp({
    create: {
      width: 90,
      height: 60,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
  const pixels = await noise.raw().toBuffer();
  const picture = () => sharp(pixels, { raw: { width: 90, height: 60, channels: 3 } });
  originals = await Promise.all([
    picture().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    picture().jpeg({ progressive: true }).toBuffer(),
    picture().png().toBuffer(),
    picture().png({ progressive: true, palette: true }).toBuffer(),
    picture().webp().toBuffer(),
    picture().gif().toBuffer(),
    picture().tiff({ compression: 'lzw' }).toBuffer(),
    picture().avif({ effort: 0 }).toBuffer(),
  ]);
});

async function state(bytes: Buffer): Promise<string> {
  try {
    const photo = await decodePhoto(bytes, { thumbnail: { longestSide: 32 }, inputs: [spec] });
    return photo.damaged ? 'damaged' : 'whole';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return error.code;
  }
}

it('gives every mutated photo a state, in little memory', async () => {
  const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(7),
      edits,
      // Half of the edits land in the header, where the lies are told.
      fc.boolean(),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      async (which, changes, isHeader, kept) => {
        const bytes = Buffer.from(originals[which] as Buffer);
        const reach = isHeader ? Math.min(160, bytes.length) : bytes.length;
        for (const [place, value] of changes) bytes[Math.floor(place * (reach - 1))] = value;
        expect(states).toContain(await state(kept > 0.6 ? bytes : bytes.subarray(0, Math.ceil(bytes.length * kept))));
      },
    ),
    { numRuns: 400, seed: 11 },
  );
  expect(process.memoryUsage().rss).toBeLessThan(700e6);
}, 60_000);
