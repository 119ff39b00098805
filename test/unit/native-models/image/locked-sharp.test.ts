// The decoder itself, without the look at the content before it: which loaders a file could reach.
import { describe, expect, it } from 'vitest';
import { openFile, openPixels } from '../../../../native-models/image/locked-sharp.ts';

const pixels = { width: 4, height: 4, data: new Uint8Array(48) };

describe('the decoder', () => {
  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'],
    ['PDF', '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'],
    ['PPM', 'P3 1 1 255 0 0 0\n'],
  ])('has no loader for %s', async (_, text) => {
    await expect(openFile(Buffer.from(text), {}).metadata()).rejects.toThrow(
      /unsupported image format|not allowed|blocked/i,
    );
  });

  it.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)('has one for %s', async (format) => {
    const bytes = await openPixels(pixels).toFormat(format).toBuffer();
    await expect(openFile(bytes, {}).metadata()).resolves.toMatchObject({ width: 4, height: 4 });
  });
});
