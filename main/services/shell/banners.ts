// States that need a person's attention, in words: what happened and what to do. Pure; shell process.
import type { z } from 'zod';
import type { Banner } from '../../../preload/contract/shell.ts';
import type { AppError } from '../../platform/app-error.ts';
import type { SupervisorState } from '../../platform/worker-lifecycle.ts';

type BannerView = z.infer<typeof Banner>;

export interface Condition {
  readonly mode: 'owner' | 'reader';
  /** Why background work has stopped by itself. */
  readonly problem: AppError | null;
  readonly inference: readonly SupervisorState[];
}

/** The gravest first; empty when all is well. */
export function bannersOf({ mode, problem, inference }: Condition): BannerView[] {
  const stopped = problem ?? gaveUp(inference);
  const banners = stopped ? [bannerOf(stopped)] : [];
  if (mode === 'reader') banners.push(secondProgram);
  return banners;
}

/** One process that gave up is made up for by the others; with all of them gone nothing is read or searched any more. */
function gaveUp(states: readonly SupervisorState[]): AppError | null {
  const errors = states.flatMap((state) => (state.name === 'degraded' ? [state.error] : []));
  const started = states.filter((state) => state.name !== 'idle');
  return errors.length > 0 && errors.length === started.length ? (errors[0] ?? null) : null;
}

const secondProgram: BannerView = {
  kind: 'second-program',
  severity: 'warning',
  text: 'Another Photoseek has this library open. You can look and search here; to add or change something, close the other one.',
  action: null,
};

function bannerOf(error: AppError): BannerView {
  if (error.code.startsWith('model/'))
    return {
      kind: 'model',
      severity: 'error',
      text: `The models cannot be used: ${error.message}. Choose another model pack in the settings, or install this one again.`,
      action: 'open-settings',
    };
  if (error.code.startsWith('inference/'))
    return {
      kind: 'inference-stopped',
      severity: 'error',
      text: 'The part of Photoseek that reads photos has stopped. Your library is safe. Restart it to go on.',
      action: 'restart-inference',
    };
  if (error.code === 'store/disk-full')
    return {
      kind: 'disk-full',
      severity: 'error',
      text: 'The disk that holds the library is full. Make room on it: indexing then goes on by itself.',
      action: 'retry',
    };
  if (error.code.startsWith('store/'))
    return {
      kind: 'store-read-only',
      severity: 'error',
      text: `The library cannot be written: ${error.message}`,
      action: 'retry',
    };
  return {
    kind: 'inference-stopped',
    severity: 'warning',
    text: `Indexing has stopped: ${error.message}. It is tried again by itself.`,
    action: 'retry',
  };
}
