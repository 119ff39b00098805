// What the status says of the work in hand: pure. Renderer.
import type { EventData } from '../../preload/contract/events.ts';
import { formatDuration } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';

type Progress = EventData<'indexing.progress'>;

/**
 * @param photos in the gallery, for when there is nothing to do.
 * @param reading folders are looked through, or will be in a moment: work that is not in the progress yet.
 */
export function statusLines(
  progress: Progress,
  photos: number,
  reading: boolean,
): { readonly main: string; readonly more: string } {
  const text = strings.status;
  const left = Math.max(0, progress.total - progress.done);
  if (progress.paused) return lines(left > 0 ? text.pausedLeft(left) : text.paused, []);
  switch (progress.phase) {
    case 'idle':
      if (reading) return lines(text.scanning, []);
      return lines(text.idle, [photos > 0 ? text.ready(photos) : null]);
    case 'scanning':
      return lines(text.scanning, []);
    case 'reading':
      return lines(text.reading(progress.done, progress.total), [text.left(left)]);
    case 'indexing':
      return lines(text.indexing(progress.done, progress.total), [
        text.left(left),
        progress.secondsLeft === null ? null : text.timeLeft(formatDuration(progress.secondsLeft)),
      ]);
  }
}

function lines(main: string, more: readonly (string | null)[]): { main: string; more: string } {
  return { main, more: more.filter((one) => one !== null).join(' · ') };
}
