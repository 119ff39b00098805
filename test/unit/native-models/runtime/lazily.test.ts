import { expect, it } from 'vitest';
import { lazily } from '../../../../native-models/runtime/lazily.ts';

it('prepares once for all callers', async () => {
  let runs = 0;
  const get = lazily(async () => {
    runs += 1;
    return runs;
  });
  expect(runs).toBe(0);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

it('forgets a rejection', async () => {
  let runs = 0;
  const get = lazily(async () => {
    runs += 1;
    if (runs === 1) throw new Error('not yet');
    return runs;
  });
  await expect(get()).rejects.toThrow('not yet');
  expect(await get()).toBe(2);
});
