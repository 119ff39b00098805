// How much of the machine indexing takes, by the person's choice. Pure; shell process.
import type { Settings } from '../../../preload/contract/settings.ts';

export interface Pace {
  /** Inference processes at work at once. */
  readonly lanes: number;
  /** Each rests this long for a millisecond of work. */
  readonly restShare: number;
}

/** @param cores of the machine; `lanes` the inference processes there may be. */
export function paceOf(speed: Settings['speed'], machine: { readonly cores: number; readonly lanes: number }): Pace {
  if (speed === 'full') return { lanes: machine.lanes, restShare: 0 };
  // A machine that is used for something else keeps a core for it; in quiet mode most of the one in use, too.
  if (speed === 'normal') return { lanes: Math.max(1, Math.min(machine.lanes, machine.cores - 1)), restShare: 0 };
  return { lanes: 1, restShare: 1.5 };
}
