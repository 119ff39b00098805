// Puts the pixels of several photos into one tensor. Inference process; pure.
import type { PixelTensor } from '../image/preprocess.ts';
import type { PreprocessSpec } from '../pack.ts';
import type { TensorValue } from '../runtime/tensors.ts';

/** @throws RangeError where a photo was not prepared for this spec. */
export function stackPixels(photos: readonly PixelTensor[], spec: PreprocessSpec): TensorValue {
  const size = spec.width * spec.height * 3;
  const data = spec.type === 'uint8' ? new Uint8Array(photos.length * size) : new Float32Array(photos.length * size);
  for (const [i, photo] of photos.entries()) {
    const isPrepared = photo.data.length === size && photo.data instanceof Uint8Array === (spec.type === 'uint8');
    if (!isPrepared) throw new RangeError(`photo ${i} was not prepared as ${spec.type} ${spec.width}x${spec.height}`);
    data.set(photo.data, i * size);
  }
  const dims = spec.layout === 'NCHW' ? [3, spec.height, spec.width] : [spec.height, spec.width, 3];
  return { type: spec.type, data, dims: [photos.length, ...dims] };
}
