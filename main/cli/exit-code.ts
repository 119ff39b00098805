// What the shell that called us learns from the exit code: 0 done, 1 internal, 2 bad input, 3 library or model problem.
import { CallCancelled, CallError } from '../../preload/contract/client.ts';
import { AppError } from '../platform/app-error.ts';

/** The convention of shells for a program ended by Ctrl+C. */
export const exitInterrupted = 130;

const byPrefix: Readonly<Record<string, number>> = {
  input: 2,
  library: 2,
  fs: 2,
  decode: 2,
  host: 2,
  model: 3,
  store: 3,
  vectors: 3,
  inference: 3,
};

/** Codes that say otherwise than their prefix: there is no library where one is needed. */
const byCode: Readonly<Record<string, number>> = { 'library/not-found': 3 };

export function exitCodeOf(error: unknown): number {
  if (error instanceof CallCancelled) return exitInterrupted;
  if (!(error instanceof CallError || error instanceof AppError)) return 1;
  return byCode[error.code] ?? byPrefix[error.code.split('/')[0] ?? ''] ?? 1;
}
