// Turns pixels upright by an EXIF orientation value. Inference process; pure.
import type { RawPicture } from './preprocess.ts';

/** True where the stored picture lies on its side. */
export function swapsSides(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8;
}

/** @param orientation 1..8 as EXIF defines it; 1 returns the picture itself. */
export function orientPixels(picture: RawPicture, orientation: number): RawPicture {
  if (orientation === 1) return picture;
  const { width: w, height: h, data } = picture;
  const [width, height] = swapsSides(orientation) ? [h, w] : [w, h];
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [sx, sy] = source(orientation, x, y, w, h);
      const from = (sy * w + sx) * 3;
      const to = (y * width + x) * 3;
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
    }
  }
  return { width, height, data: out };
}

/** Stored position of the pixel shown at (x, y). */
function source(orientation: number, x: number, y: number, w: number, h: number): [number, number] {
  switch (orientation) {
    case 2:
      return [w - 1 - x, y];
    case 3:
      return [w - 1 - x, h - 1 - y];
    case 4:
      return [x, h - 1 - y];
    case 5:
      return [y, x];
    case 6:
      return [y, h - 1 - x];
    case 7:
      return [w - 1 - y, h - 1 - x];
    case 8:
      return [w - 1 - y, x];
    default:
      return [x, y];
  }
}
