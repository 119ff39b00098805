// sharp, locked down for untrusted files: the only place it is imported from. Inference process.
import sharp from 'sharp';

/** Loaders a photo may reach. Each further one (SVG, PDF, ImageMagick, ...) is code that hostile files can attack. */
const allowedLoaders = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'];

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: allowedLoaders.map((loader) => `VipsForeignLoad${loader}`) });
// Every photo is seen once; parallelism comes from decoding several photos, not from splitting one.
sharp.cache(false);
sharp.concurrency(1);

export { sharp };
