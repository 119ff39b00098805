// Converts the errors of models, decoders and the file system to the product's own, once, where they are met. Inference child.
import type { ModelErrorCode } from '../../native-models/errors.ts';
import { AppError, CancelledError } from '../platform/app-error.ts';

/** A `ModelError` by shape: main/inference knows native-models' types, not its code. Its codes are error codes of the product. */
interface ModelErrorLike extends Error {
  readonly code: ModelErrorCode;
}

export function toAppError(error: unknown): Error {
  if (error instanceof AppError || error instanceof CancelledError) return error;
  if (error instanceof Error && error.name === 'ModelError') {
    return new AppError((error as ModelErrorLike).code, error.message, { cause: error });
  }
  if (error instanceof RangeError && /allocat|memory/i.test(error.message)) {
    return new AppError('inference/out-of-memory', 'there was not enough memory for this photo', { cause: error });
  }
  return new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
