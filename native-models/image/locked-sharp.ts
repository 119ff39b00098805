// sharp, locked down for untrusted files: the only place it is imported from. Inference process.
import sharp, { type Sharp, type SharpOptions } from 'sharp';

/** What decodes here, down to this project's own share in it (raised where more, or other, pictures can be read): another one is worth another try. */
export const decoderVersion = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, photoseek 1`;

/** Loaders a photo may reach. Each further one (SVG, PDF, ImageMagick, ...) is code that hostile files can attack. */
const allowedLoaders = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'];

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: allowedLoaders.map((loader) => `VipsForeignLoad${loader}`) });
// Every photo is seen once; parallelism comes from decoding several photos, not from splitting one.
sharp.cache(false);
sharp.concurrency(1);

/** A pipeline over a file in memory: first frame or page only, as sharp does by default. The bytes are not changed. */
export function openFile(bytes: Uint8Array, options: SharpOptions): Sharp {
  return sharp(asStill(bytes), options);
}

/** A pipeline over interleaved RGB bytes; no loader is involved. */
export function openPixels(pixels: { width: number; height: number; data: Uint8Array }): Sharp {
  return sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } });
}

/** libvips does not know the brand of AVIF animations, though its decoder reads the still picture that each of them also holds. */
function asStill(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.toString('latin1', 4, 12) !== 'ftypavis') return bytes;
  const copy = Buffer.from(view);
  copy.write('avif', 8, 'latin1');
  return copy;
}
