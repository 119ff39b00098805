import { crc32 } from 'node:zlib';
import sharp, { type Color } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto, sharedSize } from '../../../../native-models/image/decode-photo.ts';
import type { PreprocessSpec } from '../../../../native-models/image/preprocess.ts';
import { probeImage } from '../../../../native-models/image/probe-image.ts';

const square: PreprocessSpec = {
  width: 224,
  height: 224,
  fit: 'squash',
  kernel: 'lanczos3',
  layout: 'NHWC',
  type: 'uint8',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

function flat(width: number, height: number, background: Color) {
  return sharp({
    create: { width, height, channels: typeof background === 'object' && 'alpha' in background ? 4 : 3, background },
  });
}

/** Smooth gradients: what photos mostly are, and what reveals a wrong turn. */
function gradient(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      data[at] = Math.round((255 * x) / (width - 1));
      data[at + 1] = Math.round((255 * y) / (height - 1));
      data[at + 2] = Math.round(127 + 100 * Math.sin(x / 9) * Math.sin(y / 7));
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function deviation(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
}

function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

async function pixels(bytes: Uint8Array): Promise<number[]> {
  const { inputs } = await decodePhoto(bytes, { inputs: [{ ...square, width: 4, height: 4 }] });
  return Array.from(inputs[0]?.data ?? []);
}

describe('decodePhoto', () => {
  it('makes thumbnail and inputs of one decode, and says what the photo is', async () => {
    const bytes = await gradient(640, 480).jpeg().toBuffer();
    const small: PreprocessSpec = {
      ...square,
      width: 96,
      height: 64,
      layout: 'NCHW',
      type: 'float32',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    };
    const photo = await decodePhoto(bytes, { thumbnail: { longestSide: 320 }, inputs: [square, small] });
    expect(photo).toMatchObject({
      width: 640,
      height: 480,
      storedWidth: 640,
      storedHeight: 480,
      orientation: 1,
      format: 'jpeg',
      mime: 'image/jpeg',
      pages: 1,
      damaged: false,
    });
    expect(photo.thumbnail).toMatchObject({ width: 320, height: 240, format: 'webp' });
    const thumbnail = await sharp(photo.thumbnail?.bytes).metadata();
    expect([thumbnail.format, thumbnail.width, thumbnail.height]).toEqual(['webp', 320, 240]);
    expect(
      photo.inputs.map(({ width, height, data }) => [width, height, data instanceof Uint8Array, data.length]),
    ).toEqual([
      [224, 224, true, 224 * 224 * 3],
      [96, 64, false, 96 * 64 * 3],
    ]);
  });

  it('averages fine detail instead of aliasing it', async () => {
    const side = 2240;
    const data = Buffer.alloc(side * side * 3);
    for (let i = 0; i < side * side; i += 1)
      data.fill(((i % side) + Math.floor(i / side)) % 2 ? 255 : 0, i * 3, i * 3 + 3);
    const bytes = await sharp(data, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const { inputs } = await decodePhoto(bytes, { inputs: [square] });
    expect(deviation(inputs[0]?.data ?? [])).toBeLessThan(5);
  });

  it('comes close to a direct resize, also through shrink-on-load', async () => {
    const bytes = await gradient(2000, 1500).jpeg({ quality: 95 }).toBuffer();
    const { inputs } = await decodePhoto(bytes, { thumbnail: { longestSide: 320 }, inputs: [square] });
    const direct = await sharp(bytes).resize(224, 224, { fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer();
    expect(meanDifference(inputs[0]?.data ?? [], direct)).toBeLessThan(1);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'shows orientation %i upright, whether the decoder or the caller knows it',
    async (orientation) => {
      const upright = gradient(300, 200);
      const wanted = await pixels(await upright.clone().png().toBuffer());
      // Turned back so that `orientation` turns it upright again.
      const inverse = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
      const turned = await upright.clone().withMetadata({ orientation: inverse }).tiff().toBuffer();
      const stored = await sharp(turned).autoOrient().png().toBuffer();
      const tagged = await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
      const byDecoder = await decodePhoto(tagged, { inputs: [{ ...square, width: 4, height: 4 }] });
      expect(byDecoder).toMatchObject({ width: 300, height: 200, orientation, isTurnedByUs: false });
      expect(meanDifference(byDecoder.inputs[0]?.data ?? [], wanted)).toBeLessThan(3);
      const byCaller = await decodePhoto(stored, {
        orientation,
        thumbnail: { longestSide: 60 },
        inputs: [{ ...square, width: 4, height: 4 }],
      });
      expect(byCaller).toMatchObject({ width: 300, height: 200, orientation, thumbnail: { width: 60, height: 40 } });
      expect(meanDifference(byCaller.inputs[0]?.data ?? [], wanted)).toBeLessThan(3);
    },
  );

  it.each([
    ['transparent on white', () => flat(20, 20, { r: 255, g: 0, b: 0, alpha: 0.5 }).png(), [255, 127, 127]],
    ['sixteen bits', () => flat(20, 20, '#ff8000').toColourspace('rgb16').png(), [255, 128, 0]],
    ['grey', () => flat(20, 20, '#808080').toColourspace('b-w').png(), [128, 128, 128]],
    ['grey with alpha', () => flat(20, 20, { r: 0, g: 0, b: 0, alpha: 0 }).toColourspace('b-w').png(), [255, 255, 255]],
    ['WebP', () => flat(20, 20, '#ff8000').webp({ lossless: true }), [255, 128, 0]],
    ['GIF', () => flat(20, 20, '#ff8000').gif(), [255, 128, 0]],
    ['TIFF', () => flat(20, 20, '#ff8000').tiff({ compression: 'lzw' }), [255, 128, 0]],
  ])('gives 8-bit sRGB for %s', async (_, make, colour) => {
    const values = await pixels(await make().toBuffer());
    for (let i = 0; i < values.length; i += 1)
      expect(Math.abs((values[i] as number) - (colour[i % 3] as number))).toBeLessThanOrEqual(1);
  });

  it('turns CMYK into its colours', async () => {
    const values = await pixels(await flat(20, 20, '#ff0000').toColourspace('cmyk').jpeg().toBuffer());
    const [red = 0, green = 255, blue = 255] = values;
    expect(red).toBeGreaterThan(190);
    expect(Math.max(green, blue)).toBeLessThan(90);
  });

  it('shows the first frame of an animation', async () => {
    const frames = Buffer.concat([
      await flat(8, 8, '#00ff00').raw().toBuffer(),
      await flat(8, 8, '#0000ff').raw().toBuffer(),
    ]);
    const bytes = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const photo = await decodePhoto(bytes, { inputs: [{ ...square, width: 2, height: 2 }] });
    expect(photo).toMatchObject({ width: 8, height: 8, pages: 2 });
    expect(Array.from(photo.inputs[0]?.data.subarray(0, 3) ?? [])).toEqual([0, 255, 0]);
  });

  it('shows a truncated photo as far as it goes, and says so', async () => {
    const bytes = await gradient(640, 480).jpeg().toBuffer();
    const photo = await decodePhoto(bytes.subarray(0, Math.floor(bytes.length / 2)), { inputs: [square] });
    expect(photo).toMatchObject({ damaged: true, width: 640, height: 480 });
  });

  it.each([
    ['decode/empty', Buffer.alloc(0), 'The file is empty.'],
    [
      'decode/unsupported',
      Buffer.from('BM      '),
      'This is a BMP picture; Photoseek opens JPEG, PNG, WebP, TIFF, GIF and AVIF.',
    ],
    [
      'decode/unsupported',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>'),
      'This is an SVG drawing; Photoseek opens JPEG, PNG, WebP, TIFF, GIF and AVIF.',
    ],
    [
      'decode/unsupported',
      Buffer.from('no picture'),
      'Its content is no picture format known here; Photoseek opens JPEG, PNG, WebP, TIFF, GIF and AVIF.',
    ],
    [
      'decode/corrupt',
      Buffer.from('\x89PNG\r\n\x1a\nand then nothing', 'latin1'),
      'The picture is damaged (its header cannot be read).',
    ],
  ])('refuses with %s and a reason', async (code, bytes, message) => {
    await expect(decodePhoto(bytes, { inputs: [square] })).rejects.toMatchObject({ code, message });
    await expect(probeImage(bytes)).rejects.toMatchObject({ code, message });
  });

  it.each([
    [30_000, 20_000],
    [7_000_000, 32],
  ])('refuses more pixels than the caps by the header alone: %i x %i', async (width, height) => {
    const bytes = await flat(8, 8, '#fff').png().toBuffer();
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await expect(decodePhoto(bytes, { inputs: [square] })).rejects.toMatchObject({
      code: 'decode/too-large',
      message: `${width} x ${height} pixels is more than Photoseek opens (at most 268 million, 65,535 on a side).`,
    });
  });

  it('keeps a one-pixel photo', async () => {
    const photo = await decodePhoto(await flat(1, 1, '#ff8000').png().toBuffer(), {
      thumbnail: { longestSide: 320 },
      inputs: [square],
    });
    expect(photo.thumbnail).toMatchObject({ width: 1, height: 1 });
    expect(Array.from(photo.inputs[0]?.data.subarray(0, 3) ?? [])).toEqual([255, 128, 0]);
  });
});

describe('sharedSize', () => {
  const request = { inputs: [square], thumbnail: { longestSide: 320 } };

  it.each([
    [
      { width: 4000, height: 3000 },
      { width: 320, height: 240 },
    ],
    [
      { width: 3000, height: 4000 },
      { width: 240, height: 320 },
    ],
    [
      { width: 8000, height: 800 },
      { width: 320, height: 224 },
    ],
    [
      { width: 1000, height: 100 },
      { width: 320, height: 100 },
    ],
    [
      { width: 60_000, height: 32 },
      { width: 320, height: 32 },
    ],
    [
      { width: 100, height: 90 },
      { width: 100, height: 90 },
    ],
  ])('is no smaller than any use on either side, and never enlarged: %o', (facts, size) => {
    expect(sharedSize(facts, request)).toEqual(size);
  });

  it('keeps a picture whole for a model that cuts the centre, within reason', () => {
    const cover = { inputs: [{ ...square, fit: 'cover' as const }] };
    expect(sharedSize({ width: 4000, height: 3000 }, cover)).toEqual({ width: 299, height: 224 });
    expect(sharedSize({ width: 60_000, height: 32 }, cover)).toEqual({ width: 3584, height: 32 });
  });

  it('is tiny where nothing is made of it', () => {
    expect(sharedSize({ width: 4000, height: 3000 }, { inputs: [] })).toEqual({ width: 1, height: 1 });
  });
});
