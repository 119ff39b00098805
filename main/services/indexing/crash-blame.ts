// Finds out which photo of a batch ends the inference process, so that only that one pays for it. Shell process.
import { AppError } from '../../platform/app-error.ts';

/** Stands for the outcome of a piece of work whose process died with nothing else in hand. */
export type Crashed = 'crashed';

/**
 * Runs a batch; where the process dies or hangs under it, runs its members one by one, so that the culprit dies alone and the others are done.
 * Errors other than a crash or a passed deadline belong to the process or the models, not to a photo, and are thrown.
 */
export async function withCrashesBlamed<Item, Result>(
  items: readonly Item[],
  run: (some: readonly Item[]) => Promise<Result[]>,
): Promise<(Result | Crashed)[]> {
  try {
    return await run(items);
  } catch (error) {
    if (!isCrash(error)) throw error;
    if (items.length === 1) return ['crashed'];
  }
  const outcomes: (Result | Crashed)[] = [];
  for (const item of items) outcomes.push(...(await withCrashesBlamed([item], run)));
  return outcomes;
}

function isCrash(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'inference/crashed' || error.code === 'inference/timeout');
}
