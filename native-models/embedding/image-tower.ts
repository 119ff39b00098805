// Photos to vectors by the pack's image graph, and to whatever else the same run gives. Inference process.
import type { PixelTensor } from '../image/preprocess.ts';
import type { ImageTowerSpec } from '../pack.ts';
import type { PackGraphs } from '../runtime/graphs.ts';
import type { Outputs } from '../runtime/session.ts';
import { floatData, type TensorValue } from '../runtime/tensors.ts';
import { stackPixels } from './stack-pixels.ts';
import { unitRows } from './vectors.ts';

export interface ImageTower {
  /** One run over the batch; `outputs` names what else is wanted of it, such as hidden states. */
  run(photos: readonly PixelTensor[], outputs: readonly string[]): Promise<Outputs>;
  /** Unit vectors out of a run that asked for `output`, in the order of the photos. */
  vectors(outputs: Outputs, photos: number): Float32Array[];
  readonly output: string;
}

/** @throws ModelError `model/load` or `model/shape` */
export async function openImageTower(graphs: PackGraphs, spec: ImageTowerSpec): Promise<ImageTower> {
  const session = await graphs.open(spec.graph);
  return {
    output: spec.output,
    run: (photos, outputs) => session.run({ [spec.input]: stackPixels(photos, spec.preprocess) }, outputs),
    vectors: (outputs, photos) => unitRows(floatData(outputs[spec.output] as TensorValue), photos, spec.dim),
  };
}
