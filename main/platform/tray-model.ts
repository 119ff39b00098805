// What the tray, the task bar and the end of the last window say and do while photos are indexed. Shell process; pure.
import type { IndexingProgress } from '../../preload/contract/indexing.ts';

export interface TrayModel {
  readonly tooltip: string;
  readonly isPaused: boolean;
}

/** Work is under way or waits to go on. */
export function isWorking({ phase, paused }: IndexingProgress): boolean {
  return phase !== 'idle' && !paused;
}

/** Null where no icon is to be shown: nothing to do, or the person wants none. */
export function trayModel(progress: IndexingProgress, showTray: boolean): TrayModel | null {
  if (!showTray || progress.phase === 'idle') return null;
  const left = progress.secondsLeft === null || progress.paused ? '' : `, ${timeLeft(progress.secondsLeft)} left`;
  const verb = progress.paused ? 'paused' : progress.phase === 'scanning' ? 'looking for photos' : 'indexing';
  const count = progress.total > 0 ? ` ${progress.done} of ${progress.total}` : '';
  return { tooltip: `Photoseek: ${verb}${count}${left}`, isPaused: progress.paused };
}

/** From 0 to 1 for the task bar; -1 takes its bar away, 2 shows one without an end. */
export function taskBarShare(progress: IndexingProgress): number {
  if (!isWorking(progress)) return -1;
  return progress.total > 0 ? Math.min(1, progress.done / progress.total) : 2;
}

/**
 * On macOS an application outlives its windows. Elsewhere it ends with the last one, unless photos are being indexed and the tray shows that: then it
 * ends when the work does.
 */
export function afterLastWindow(platform: NodeJS.Platform, working: boolean, hasTray: boolean): 'stay' | 'quit' {
  return platform === 'darwin' || (working && hasTray) ? 'stay' : 'quit';
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
