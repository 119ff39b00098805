// The progress of indexing as one line of text.
import type { IndexingProgress } from '../../preload/contract/indexing.ts';

const barWidth = 24;

export function progressLine(progress: IndexingProgress): string {
  if (progress.phase === 'idle') return '';
  if (progress.phase === 'scanning') return `looking through folders: ${progress.total} files`;
  if (progress.phase === 'reading') return `reading ${progress.total} files`;
  const finished = progress.done + progress.failed;
  const share = progress.total > 0 ? Math.min(1, finished / progress.total) : 1;
  const filled = Math.round(share * barWidth);
  const bar = '#'.repeat(filled).padEnd(barWidth, '.');
  const left = progress.secondsLeft === null ? '' : `, ${duration(progress.secondsLeft)} left`;
  const failed = progress.failed > 0 ? `, ${progress.failed} failed` : '';
  return `[${bar}] ${finished}/${progress.total} photos, ${progress.photosPerSecond} photos/s${left}${failed}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 360) / 10} h`;
}
