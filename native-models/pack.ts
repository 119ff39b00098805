// The schema of pack.json, the manifest of a model pack; every type of it is inferred from here. Inference process; types elsewhere.
import { z } from 'zod';

/** Path inside the pack: relative, forward slashes, no `.` or `..` segment, so that a manifest can never point outside its folder. */
const PackPath = z.string().refine(isPackPath, 'must be a relative path inside the pack, with forward slashes');

/** A dimension: fixed size, or a name where the graph takes any size. */
const Dim = z.union([z.int().nonnegative(), z.string().min(1)]);
const TensorSpec = z.strictObject({
  type: z.enum(['float32', 'float16', 'uint8', 'int8', 'int32', 'int64', 'bool']),
  dims: z.array(Dim),
});
const GraphSpec = z.strictObject({
  inputs: z.record(z.string(), TensorSpec),
  outputs: z.record(z.string(), TensorSpec),
});

const PackFile = z.strictObject({
  path: PackPath,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  licence: z.string().optional(),
  source: z.string().optional(),
});

const Triple = z.tuple([z.number(), z.number(), z.number()]);
const Preprocess = z.strictObject({
  width: z.int().positive().max(4096),
  height: z.int().positive().max(4096),
  /** `squash` ignores the aspect ratio; `cover` fills the box and cuts the centre, as CLIP does. */
  fit: z.enum(['squash', 'cover']),
  kernel: z.enum(['lanczos3', 'linear', 'cubic']),
  layout: z.enum(['NHWC', 'NCHW']),
  /** uint8: the graph normalises; float32: `(x / 255 - mean) / std` is done here. */
  type: z.enum(['uint8', 'float32']),
  mean: Triple.default([0, 0, 0]),
  std: Triple.default([1, 1, 1]),
});

const ImageTower = z.strictObject({
  graph: PackPath,
  input: z.string(),
  output: z.string(),
  dim: z.int().positive(),
  preprocess: Preprocess,
});

const TextTower = z.strictObject({
  graph: PackPath,
  tokenizer: PackPath,
  /** Settings beside the tokenizer (tokenizer_config.json), where its class needs them. */
  tokenizerConfig: PackPath.optional(),
  inputIds: z.string(),
  attentionMask: z.string().nullable().default(null),
  tokenTypeIds: z.string().nullable().default(null),
  output: z.string(),
  /** `none`: the output is [batch, dim]; `cls` and `mean` pool [batch, tokens, dim]. */
  pooling: z.enum(['none', 'cls', 'mean']),
  dim: z.int().positive(),
  maxTokens: z.int().positive(),
  padToMax: z.boolean().default(false),
  padId: z.int().nonnegative(),
  lowercase: z.boolean(),
});

/** Weights by which finished captions are put in order, beside their own score; see `captioner/rank-captions.ts`. */
const Ranking = z.strictObject({
  picture: z.number().nonnegative(),
  consensus: z.number().nonnegative(),
  temperature: z.number().positive(),
});

const Decoding = {
  layers: z.int().positive(),
  heads: z.int().positive(),
  headDim: z.int().positive(),
  vocab: z.int().positive(),
  tokenizer: PackPath,
  tokenizerConfig: PackPath.optional(),
  bosId: z.int().nonnegative(),
  eosId: z.int().nonnegative(),
  padId: z.int().nonnegative(),
  unkId: z.int().nonnegative().optional(),
  /** Tokens that no caption ends with, such as an article. */
  neverLastIds: z.array(z.int().nonnegative()).optional(),
  beams: z.int().positive().max(16),
  /** Exponent of the length that a hypothesis' summed log probability is divided by. */
  lengthPenalty: z.number().nonnegative(),
  maxTokens: z.int().positive().max(512),
  /** 0 switches the rule off. */
  noRepeatNgram: z.int().nonnegative(),
  captionsPerPhoto: z.int().positive().default(1),
  /** Absent: the search's own order. Needs a sentence model. */
  ranking: Ranking.optional(),
};

const GridDecoder = z.strictObject({
  architecture: z.literal('grid-decoder'),
  hiddenStates: z.strictObject({ graph: PackPath, output: z.string() }),
  prepare: PackPath,
  step: PackPath,
  ...Decoding,
});

const Florence2 = z.strictObject({
  architecture: z.literal('florence2'),
  visionEncoder: PackPath,
  embedTokens: PackPath,
  encoder: PackPath,
  decoder: PackPath,
  preprocess: Preprocess,
  /** What the task token stands for, for example the question behind `<CAPTION>`; the graphs know words, not task tokens. */
  prompt: z.string().min(1),
  /** First id the decoder is fed with (BART starts from its end token). */
  decoderStartId: z.int().nonnegative(),
  /** Id the first step must produce, where the model was trained so. */
  forcedFirstId: z.int().nonnegative().optional(),
  /** Width of embeddings and hidden states. */
  width: z.int().positive(),
  ...Decoding,
});

const Captioner = z.discriminatedUnion('architecture', [GridDecoder, Florence2]);

const FusionWeight = z.looseObject({ weight: z.number().min(0) });

/** pack.json, format 1. Unknown keys are refused, so a misspelt option cannot pass unseen; `training` is free-form. */
export const PackSchema = z
  .strictObject({
    format: z.literal(1),
    /** Folder name and first part of every model id: lower-case letters, digits and dashes. */
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
    /** Changes whenever any file changes; vectors of different revisions never mix. */
    revision: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
    /** Bumped when pre- or post-processing gives other output from the same files. */
    pipelineVersion: z.int().positive(),
    title: z.string().min(1),
    licence: z.string().min(1),
    notice: z.string().optional(),
    files: z.array(PackFile).min(1),
    tensors: z.record(z.string(), GraphSpec),
    image: ImageTower,
    text: TextTower,
    sentence: TextTower.optional(),
    captioner: Captioner.optional(),
    fusion: z.record(z.string(), FusionWeight).optional(),
    /** How likely a hit is right, see `main/services/search/judging`; read by who ranks, free-form here. */
    judgement: z.record(z.string(), z.unknown()).optional(),
    training: z.record(z.string(), z.unknown()).optional(),
  })
  .superRefine((pack, context) => {
    const listed = new Set<string>();
    for (const { path } of pack.files) {
      if (listed.has(path)) context.addIssue({ code: 'custom', path: ['files'], message: `${path} is listed twice` });
      listed.add(path);
    }
    const needed = referencedFiles(pack);
    for (const path of needed.filter((path) => !listed.has(path))) {
      context.addIssue({ code: 'custom', path: ['files'], message: `${path} is used but not listed` });
    }
    for (const path of needed.filter((path) => path.endsWith('.onnx') && pack.tensors[path] === undefined)) {
      context.addIssue({ code: 'custom', path: ['tensors'], message: `${path} has no tensor description` });
    }
    if (pack.captioner?.architecture === 'grid-decoder' && pack.captioner.hiddenStates.graph !== pack.image.graph) {
      context.addIssue({
        code: 'custom',
        path: ['captioner', 'hiddenStates'],
        message: 'must come from the image graph',
      });
    }
    if (pack.captioner?.ranking && !pack.sentence) {
      context.addIssue({ code: 'custom', path: ['captioner', 'ranking'], message: 'needs a sentence model' });
    }
    if (pack.image.dim !== pack.text.dim) {
      context.addIssue({ code: 'custom', path: ['text', 'dim'], message: 'image and text vectors differ in size' });
    }
  });

export type Pack = z.infer<typeof PackSchema>;
export type PackFile = z.infer<typeof PackFile>;
export type TensorSpec = z.infer<typeof TensorSpec>;
export type GraphSpec = z.infer<typeof GraphSpec>;
export type PreprocessSpec = z.infer<typeof Preprocess>;
export type TextTowerSpec = z.infer<typeof TextTower>;
export type ImageTowerSpec = z.infer<typeof ImageTower>;
export type GridDecoderSpec = z.infer<typeof GridDecoder>;
export type Florence2Spec = z.infer<typeof Florence2>;
export type RankingSpec = z.infer<typeof Ranking>;
export type CaptionerSpec = z.infer<typeof Captioner>;

/** What a vector or caption was made by. */
export type ModelKind = 'image' | 'text' | 'sentence' | 'caption';

/** Identity stored beside every vector and caption, such as `starter@1/image`. */
export function modelId(pack: Pack, kind: ModelKind): string {
  return `${pack.id}@${pack.revision}/${kind}`;
}

/** Every file the parts of the pack refer to, each once, in the order of first use. */
export function referencedFiles(pack: Pick<Pack, 'image' | 'text' | 'sentence' | 'captioner'>): string[] {
  const { image, text, sentence, captioner } = pack;
  const paths: (string | undefined)[] = [image.graph];
  for (const tower of [text, sentence]) paths.push(tower?.graph, tower?.tokenizer, tower?.tokenizerConfig);
  paths.push(captioner?.tokenizer, captioner?.tokenizerConfig);
  if (captioner?.architecture === 'grid-decoder') {
    paths.push(captioner.hiddenStates.graph, captioner.prepare, captioner.step);
  } else if (captioner) {
    paths.push(captioner.visionEncoder, captioner.embedTokens, captioner.encoder, captioner.decoder);
  }
  return [...new Set(paths.filter((path) => path !== undefined))];
}

function isPackPath(path: string): boolean {
  if (path.includes('\\') || path.includes('\0') || path.includes(':')) return false;
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}
