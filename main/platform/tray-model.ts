// What the tray, the task bar and the end of the last window say and do while photos are indexed. Shell process; pure.
import type { IndexingProgress } from '../../preload/contract/indexing.ts';
import { desktopTexts } from './desktop-texts.ts';

const { tray: text } = desktopTexts;

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
  const left = progress.secondsLeft === null || progress.paused ? '' : `, ${text.left(timeLeft(progress.secondsLeft))}`;
  const verb = progress.paused ? text.paused : progress.phase === 'scanning' ? text.scanning : text.indexing;
  const count = progress.total > 0 ? ` ${text.of(progress.done, progress.total)}` : '';
  return { tooltip: `${desktopTexts.name}: ${verb}${count}${left}`, isPaused: progress.paused };
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
  if (seconds < 90) return text.seconds(Math.max(1, Math.round(seconds)));
  if (seconds < 90 * 60) return text.minutes(Math.round(seconds / 60));
  return text.hours(Math.round(seconds / 3600));
}
