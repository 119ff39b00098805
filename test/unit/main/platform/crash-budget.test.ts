// Three crashes of the page in five minutes are mended in silence.
import { expect, it } from 'vitest';
import { createCrashBudget } from '../../../../main/platform/crash-budget.ts';
import { manualClock } from '../../../helpers/manual-clock.ts';

it('asks at the fourth crash within five minutes, then begins anew', () => {
  const clock = manualClock();
  const budget = createCrashBudget(clock);
  const crash = () => budget.crashed();
  expect([crash(), crash(), crash(), crash()]).toEqual(['again', 'again', 'again', 'ask']);
  expect(crash()).toBe('again');
});

it('forgets what is longer ago', () => {
  const clock = manualClock();
  const budget = createCrashBudget(clock);
  for (let time = 0; time < 10; time++) {
    expect(budget.crashed()).toBe('again');
    clock.advance(2 * 60_000);
  }
});
