// The colour of a tile: exact on flat pictures, the larger part of mixed ones, the same at every size.
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { dominantColour, rgb565 } from '../../../../native-models/image/dominant-colour.ts';
import { colourOfThumbnail } from '../../../../native-models/image/thumbnail.ts';

type Colour = readonly [number, number, number];

function picture(width: number, height: number, colourOf: (pixel: number) => Colour) {
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(colourOf(pixel), pixel * 3);
  return { width, height, data };
}

const channel = fc.integer({ min: 0, max: 255 });

describe('dominantColour', () => {
  it('is the colour of a flat picture, whatever its size', () => {
    const size = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(channel, channel, channel, size, size, (red, green, blue, width, height) => {
        expect(dominantColour(picture(width, height, () => [red, green, blue]))).toBe(rgb565(red, green, blue));
      }),
      { numRuns: 60 },
    );
  });

  it('is that of the larger part, not a mean that nobody sees', () => {
    const sky: Colour = [90, 140, 220];
    const leaf: Colour = [20, 90, 30];
    for (const side of [16, 64, 256])
      expect(dominantColour(picture(side, side, (pixel) => (pixel < side * side * 0.6 ? sky : leaf)))).toBe(
        rgb565(...sky),
      );
  });

  it('packs 5, 6 and 5 bits', () => {
    expect([rgb565(255, 0, 0), rgb565(0, 255, 0), rgb565(0, 0, 255), rgb565(255, 255, 255)]).toEqual([
      0xf800, 0x07e0, 0x001f, 0xffff,
    ]);
  });
});

describe('colourOfThumbnail', () => {
  it('reads stored thumbnails, and has no colour for what is none', async () => {
    const bytes = await sharp({ create: { width: 32, height: 20, channels: 3, background: '#3060c0' } })
      .webp({ lossless: true })
      .toBuffer();
    expect(await colourOfThumbnail(bytes)).toBe(rgb565(0x30, 0x60, 0xc0));
    const grey = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#808080' } })
      .greyscale()
      .png()
      .toBuffer();
    expect(await colourOfThumbnail(grey)).toBe(rgb565(128, 128, 128));
    expect(await colourOfThumbnail(Buffer.from('no picture'))).toBeNull();
    expect(await colourOfThumbnail(new Uint8Array())).toBeNull();
  });
});
