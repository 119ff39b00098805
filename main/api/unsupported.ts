// The answer of a method that this host has no means for. Shell process.
import { AppError } from '../platform/app-error.ts';

/** A handler that always refuses; an interface hides what `shell.capabilities` does not name. */
export async function unsupported(): Promise<never> {
  throw new AppError('host/unsupported', 'this is not available here');
}
