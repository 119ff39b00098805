// Sentences to vectors, remembering the latest: typing and deleting the same words costs one run of the model. Shell process.
import type { EncodedQuery } from './gather-signals.ts';

export type EncodeQuery = (text: string, call: { signal: AbortSignal }) => Promise<EncodedQuery>;

/** Under 1 MB of vectors: every prefix of some minutes of typing. */
const mostKept = 256;

/** The encoder with a memory of the `limit` texts asked for last. A failed or cancelled run is not remembered. */
export function rememberingEncoder(encode: EncodeQuery, limit: number = mostKept): EncodeQuery {
  const kept = new Map<string, EncodedQuery>();
  return async (text, call) => {
    const known = kept.get(text);
    const encoded = known ?? (await encode(text, call));
    // Taken out first, so that the order of the map is the order of use.
    kept.delete(text);
    kept.set(text, encoded);
    const [oldest] = kept.keys();
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    return encoded;
  };
}
