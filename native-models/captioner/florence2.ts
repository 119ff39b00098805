// Florence-2's four graphs: vision encoder, token embeddings, encoder, and the merged decoder with its key-value cache. Inference process.
// Names, ranks and the meaning of `use_cache_branch` follow the exports of huggingface.co/onnx-community/Florence-2-base-ft.
import { loadTokenizer } from '../embedding/tokenizer.ts';
import type { Florence2Spec } from '../pack.ts';
import type { PackGraphs } from '../runtime/graphs.ts';
import type { GraphSession } from '../runtime/session.ts';
import { boolTensor, float32Tensor, floatData, int64Tensor, type TensorValue } from '../runtime/tensors.ts';
import type { Step, StepInput } from './beam-search.ts';
import { type CaptionPhotos, searchCaptions } from './captioner.ts';
import { gatherKeyValues, type KeyValues, mapValues } from './key-values.ts';

interface Graphs {
  vision: GraphSession;
  embed: GraphSession;
  encoder: GraphSession;
  decoder: GraphSession;
}

/** Encoder output of a batch, and its mask of ones. */
interface Encoded {
  states: TensorValue;
  mask: TensorValue;
}

/** Takes pixels [batch, 3, height, width]. @throws ModelError `model/load` or `model/shape` */
export async function openFlorence2(graphs: PackGraphs, spec: Florence2Spec): Promise<CaptionPhotos> {
  const config = spec.tokenizerConfig === undefined ? undefined : graphs.file(spec.tokenizerConfig);
  const tokenizer = await loadTokenizer(graphs.file(spec.tokenizer), config);
  const prompt: number[] = tokenizer.encode(spec.prompt).ids;
  const opened: Graphs = {
    vision: await graphs.open(spec.visionEncoder),
    embed: await graphs.open(spec.embedTokens),
    encoder: await graphs.open(spec.encoder),
    decoder: await graphs.open(spec.decoder),
  };
  return async (pixels) => {
    const encoded = await encode(opened, pixels, prompt, spec.width);
    return searchCaptions(pixels.dims[0] ?? 0, spec, tokenizer, decodingStep(opened, encoded, spec));
  };
}

async function encode(
  { vision, embed, encoder }: Graphs,
  pixels: TensorValue,
  prompt: number[],
  width: number,
): Promise<Encoded> {
  const photos = pixels.dims[0] ?? 0;
  const { image_features } = await vision.run({ pixel_values: pixels }, ['image_features']);
  const { inputs_embeds } = await embed.run({ input_ids: int64Tensor(prompt, [1, prompt.length]) }, ['inputs_embeds']);
  const joined = joinPrompt(image_features as TensorValue, inputs_embeds as TensorValue, width);
  const mask = ones(photos, joined.dims[1] ?? 0);
  const { last_hidden_state } = await encoder.run({ attention_mask: mask, inputs_embeds: joined }, [
    'last_hidden_state',
  ]);
  return { states: last_hidden_state as TensorValue, mask };
}

/** Image features [photos, n, width] followed by the same prompt [1, m, width] for each photo. */
export function joinPrompt(image: TensorValue, prompt: TensorValue, width: number): TensorValue {
  const [photos = 0, imageTokens = 0] = image.dims;
  const imageData = floatData(image);
  const promptData = floatData(prompt);
  const tokens = imageTokens + promptData.length / width;
  const out = new Float32Array(photos * tokens * width);
  for (let photo = 0; photo < photos; photo += 1) {
    const start = photo * tokens * width;
    out.set(imageData.subarray(photo * imageTokens * width, (photo + 1) * imageTokens * width), start);
    out.set(promptData, start + imageTokens * width);
  }
  return float32Tensor(out, [photos, tokens, width]);
}

function decodingStep(graphs: Graphs, encoded: Encoded, spec: Florence2Spec): Step {
  const names = cacheNames(spec.layers);
  const outputs = ['logits', ...names.map((name) => name.replace('past_key_values', 'present'))];
  let past: KeyValues | undefined;
  let { states, mask } = encoded;
  return async (input) => {
    // The graph knows no beams: every hypothesis is a row of the batch, with its own copy of the photo.
    const rows = input.rows * input.beams;
    if (past && input.beamOrigin) {
      // All hypotheses of a photo share its keys: those move only when rows come or go, which spares megabytes a step.
      const arePhotosMoved = states.dims[0] !== rows || input.rowOrigin !== null;
      past = followBeams(past, input.beamOrigin, arePhotosMoved);
      if (arePhotosMoved) {
        states = gatherKeyValues({ states }, input.beamOrigin)['states'] as TensorValue;
        mask = ones(rows, states.dims[1] ?? 0);
      }
    }
    const feeds = {
      encoder_attention_mask: mask,
      encoder_hidden_states: states,
      inputs_embeds: await embedTokens(graphs, input, rows),
      use_cache_branch: boolTensor(past !== undefined),
      ...(past ?? emptyPast(names, spec, rows)),
    };
    const { logits, ...present } = await graphs.decoder.run(feeds, outputs);
    past = keepEncoderCache(names, present, past);
    return floatData(logits as TensorValue);
  };
}

function followBeams(past: KeyValues, beamOrigin: Int32Array, arePhotosMoved: boolean): KeyValues {
  const isMoving = (name: string) => arePhotosMoved || !name.includes('.encoder.');
  const moving = Object.fromEntries(Object.entries(past).filter(([name]) => isMoving(name)));
  return { ...past, ...gatherKeyValues(moving, beamOrigin) };
}

async function embedTokens({ embed }: Graphs, { tokens }: StepInput, rows: number): Promise<TensorValue> {
  const { inputs_embeds } = await embed.run({ input_ids: int64Tensor(tokens, [rows, 1]) }, ['inputs_embeds']);
  return inputs_embeds as TensorValue;
}

/** With its cache in use the merged decoder gives dummies for the keys and values of the photo: the first ones stay. */
function keepEncoderCache(names: readonly string[], present: KeyValues, past: KeyValues | undefined): KeyValues {
  const fresh = Object.fromEntries(
    names.map((name) => [name, present[name.replace('past_key_values', 'present')] as TensorValue]),
  );
  if (!past) return fresh;
  return mapValues(fresh, (tensor, name) => (name.includes('.encoder.') ? (past[name] as TensorValue) : tensor));
}

function cacheNames(layers: number): string[] {
  const names: string[] = [];
  for (let i = 0; i < layers; i += 1) {
    for (const side of ['decoder', 'encoder']) {
      names.push(`past_key_values.${i}.${side}.key`, `past_key_values.${i}.${side}.value`);
    }
  }
  return names;
}

function emptyPast(names: readonly string[], { heads, headDim }: Florence2Spec, rows: number): KeyValues {
  const empty = float32Tensor(new Float32Array(0), [rows, heads, 0, headDim]);
  return Object.fromEntries(names.map((name) => [name, empty]));
}

function ones(rows: number, tokens: number): TensorValue {
  return int64Tensor(new Uint8Array(rows * tokens).fill(1), [rows, tokens]);
}
