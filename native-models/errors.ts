// The error of native-models: a code that the host maps one to one, and one line a person can read. Inference process.

/** Written exactly as the host's own codes, so that mapping a `ModelError` is the identity. */
export type ModelErrorCode =
  | 'model/missing'
  | 'model/checksum'
  | 'model/manifest'
  | 'model/shape'
  | 'model/load'
  | 'decode/unsupported'
  | 'decode/corrupt'
  | 'decode/too-large'
  | 'decode/empty'
  | 'inference/timeout'
  | 'inference/out-of-memory';

/** Thrown by every function of native-models for what is wrong with a pack, a photo or the machine; a bug stays a plain Error. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;

  /** @param message one line without a path: what happened and what to do. The cause goes to the log only. */
  constructor(code: ModelErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** First line of any thrown value, for messages built on a foreign error. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').trim();
}
