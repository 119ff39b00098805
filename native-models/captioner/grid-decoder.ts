// The starter captioner: a decoder over the grid of hidden states that the image graph gave. Inference process.
import { loadTokenizer } from '../embedding/tokenizer.ts';
import type { GridDecoderSpec } from '../pack.ts';
import type { PackGraphs } from '../runtime/graphs.ts';
import { float32Tensor, floatData, int64Tensor, type TensorValue } from '../runtime/tensors.ts';
import type { Step } from './beam-search.ts';
import { type CaptionPhotos, searchCaptions } from './captioner.ts';
import { gatherKeyValues, type KeyValues, reshapeLeading } from './key-values.ts';

/** Takes hidden states [batch, tokens, width]. @throws ModelError `model/load` or `model/shape` */
export async function openGridDecoder(graphs: PackGraphs, spec: GridDecoderSpec): Promise<CaptionPhotos> {
  const tokenizer = await loadTokenizer(graphs.file(spec.tokenizer), optionalFile(graphs, spec.tokenizerConfig));
  const prepare = await graphs.open(spec.prepare);
  const decoder = await graphs.open(spec.step);
  const crossNames = layerNames(spec.layers, 'cross_key_values');
  const outputNames = ['logits', ...layerNames(spec.layers, 'present')];

  return async (hiddenStates) => {
    const photos = hiddenStates.dims[0] ?? 0;
    let cross: KeyValues = await prepare.run({ encoder_hidden_states: hiddenStates }, crossNames);
    let present: KeyValues | undefined;
    const step: Step = async ({ rows, beams, tokens, position, rowOrigin, beamOrigin }) => {
      if (rowOrigin) cross = gatherKeyValues(cross, rowOrigin);
      const past = present && beamOrigin ? follow(present, beamOrigin, rows, beams) : emptyPast(spec, rows, beams);
      const { logits, ...rest } = await decoder.run(
        { input_ids: int64Tensor(tokens, [rows, beams]), position: int64Tensor([position], [1]), ...past, ...cross },
        outputNames,
      );
      present = rest;
      return floatData(logits as TensorValue);
    };
    return searchCaptions(photos, spec, tokenizer, step);
  };
}

/** The cache of the previous step, moved to where its hypotheses went, under the names of the graph's inputs. */
function follow(present: KeyValues, beamOrigin: Int32Array, rows: number, beams: number): KeyValues {
  const [oldRows = 0, oldBeams = 0] = Object.values(present)[0]?.dims ?? [];
  const flat = reshapeLeading(present, 2, [oldRows * oldBeams]);
  const moved = reshapeLeading(gatherKeyValues(flat, beamOrigin), 1, [rows, beams]);
  return Object.fromEntries(
    Object.entries(moved).map(([name, tensor]) => [name.replace('present', 'past_key_values'), tensor]),
  );
}

function emptyPast({ layers, heads, headDim }: GridDecoderSpec, rows: number, beams: number): KeyValues {
  const empty = float32Tensor(new Float32Array(0), [rows, beams, heads, 0, headDim]);
  return Object.fromEntries(layerNames(layers, 'past_key_values').map((name) => [name, empty]));
}

function layerNames(layers: number, prefix: string): string[] {
  return Array.from({ length: layers }, (_, i) => [`${prefix}.${i}.key`, `${prefix}.${i}.value`]).flat();
}

function optionalFile(graphs: PackGraphs, path: string | undefined): string | undefined {
  return path === undefined ? undefined : graphs.file(path);
}
