// Percentiles of query times.
import { expect, it } from 'vitest';
import { timePercentiles } from '../../../../../main/services/evaluation/time-percentiles.ts';

it('gives times that were measured, whatever their order', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(timePercentiles(samples)).toEqual({ p50: 50, p95: 95 });
  expect(timePercentiles([2.2222])).toEqual({ p50: 2.22, p95: 2.22 });
});

it('refuses an empty measurement', () => {
  expect(() => timePercentiles([])).toThrow(expect.objectContaining({ code: 'input/invalid' }));
});
