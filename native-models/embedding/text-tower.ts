// Sentences to vectors by a text graph: the text side of the shared space, and sentence vectors alike. Inference process.
import type { TextTowerSpec } from '../pack.ts';
import type { PackGraphs } from '../runtime/graphs.ts';
import type { Outputs } from '../runtime/session.ts';
import { floatData } from '../runtime/tensors.ts';
import { normaliseText } from './normalise-text.ts';
import { bucketByLength, type TextFeeds, textFeeds } from './text-batch.ts';
import { createTextTokenizer, loadTokenizer } from './tokenizer.ts';
import { pool, unitRows } from './vectors.ts';

/** What one graph reads from a text: several outputs can come from one run. */
export interface TextTower {
  /** Unit vectors per wanted output, in the order of the texts. Texts must not be empty. */
  embed(texts: readonly string[], outputs: readonly TextOutput[]): Promise<Float32Array[][]>;
}

/** One vector that the graph gives. */
export type TextOutput = Pick<TextTowerSpec, 'output' | 'pooling' | 'dim'>;

/** @throws ModelError `model/load` or `model/shape` */
export async function openTextTower(graphs: PackGraphs, spec: TextTowerSpec): Promise<TextTower> {
  const config = spec.tokenizerConfig === undefined ? undefined : graphs.file(spec.tokenizerConfig);
  const tokenizer = createTextTokenizer(await loadTokenizer(graphs.file(spec.tokenizer), config), spec.maxTokens);
  const session = await graphs.open(spec.graph);
  return {
    async embed(texts, outputs) {
      const sequences = texts.map((text) => tokenizer.encode(normaliseText(text, spec)));
      const vectors = outputs.map(() => new Array<Float32Array>(texts.length));
      const names = outputs.map((output) => output.output);
      for (const batch of bucketByLength(sequences)) {
        const feeds = textFeeds(spec, batch.ids);
        const results = await session.run(feeds.feeds, names);
        for (const [i, output] of outputs.entries()) {
          const rows = readRows(results, output, feeds, batch.rows.length);
          for (const [at, row] of batch.rows.entries()) (vectors[i] as Float32Array[])[row] = rows[at] as Float32Array;
        }
      }
      return vectors;
    },
  };
}

/** True where one run of one graph over the same tokens serves both. */
export function sharesRun(a: TextTowerSpec, b: TextTowerSpec): boolean {
  const input = ({ output, pooling, dim, ...rest }: TextTowerSpec) => JSON.stringify(Object.entries(rest).sort());
  return input(a) === input(b);
}

function readRows(results: Outputs, output: TextOutput, feeds: TextFeeds, rows: number): Float32Array[] {
  const tensor = results[output.output];
  if (!tensor) throw new Error(`the graph gave no ${output.output}`);
  const pooled = pool({ data: floatData(tensor), dims: tensor.dims, mask: feeds.mask }, output.pooling, output.dim);
  return unitRows(pooled, rows, output.dim);
}
