// The 50th and 95th percentile of measured times. Pure; runs where evaluation runs.
import type { TimePercentiles } from '../../../preload/contract/evaluation.ts';
import { AppError } from '../../platform/app-error.ts';

/**
 * Nearest-rank percentiles (each one a time that was really measured), in milliseconds with two decimals.
 *
 * @throws AppError `input/invalid` where nothing was measured.
 */
export function timePercentiles(samplesMs: readonly number[]): TimePercentiles {
  if (samplesMs.length === 0) throw new AppError('input/invalid', 'No times were measured.');
  const sorted = Float64Array.from(samplesMs).sort();
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 100) / 100;
  return { p50: at(0.5), p95: at(0.95) };
}
