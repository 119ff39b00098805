// What texts are read with is read a while after the start, once, and not after the end.
import { expect, it, vi } from 'vitest';
import { warmReader } from '../../../../../main/services/search/warm-reader.ts';
import { manualClock } from '../../../../helpers/manual-clock.ts';

function setUp() {
  const clock = manualClock();
  const ready = vi.fn(async () => undefined);
  return { clock, ready, reader: warmReader({ ready }, clock) };
}

it('lets the first photos be shown before, and reads once however often it is warmed', () => {
  const { clock, ready, reader } = setUp();
  reader.warm();
  reader.warm();
  clock.advance(1_000);
  expect(ready).not.toHaveBeenCalled();
  clock.advance(1_000);
  reader.warm();
  clock.advance(5_000);
  expect(ready).toHaveBeenCalledTimes(1);
});

it('begins nothing once it is closed', () => {
  const { clock, ready, reader } = setUp();
  reader.warm();
  reader.close();
  reader.warm();
  clock.advance(5_000);
  expect(ready).not.toHaveBeenCalled();
});
