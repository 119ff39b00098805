// The one error class of the product: a code the other side can act on, and a message a person can read. Any process.
import { type ErrorCode, type ErrorEnvelope, type Retry, retryByCode } from '../../preload/contract/errors.ts';

/** Thrown inside a process; crosses to another one only as an `ErrorEnvelope`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;

  /** @param message one line: what happened and what to do. */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get retry(): Retry {
    return retryByCode[this.code];
  }
}

/** Thrown where work stopped because its caller asked for it. It is an outcome, not a fault, and is never logged as one. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor(message = 'cancelled') {
    super(message);
  }
}

/** Throws `CancelledError` once the signal is aborted; call it between pieces of work that cannot be interrupted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/** Any thrown value as an envelope. Foreign errors become `internal`: their text may hold paths, so it stays in the log. */
export function toEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof AppError) return { code: error.code, message: error.message, retry: error.retry };
  return { code: 'internal', message: 'Something went wrong inside Photoseek.', retry: 'never' };
}

/** The error an envelope stands for, on the receiving side. */
export function fromEnvelope(envelope: ErrorEnvelope): AppError {
  return new AppError(envelope.code, envelope.message);
}
