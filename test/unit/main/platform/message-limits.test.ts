// Bounds of what comes in from the window.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimit, isBoundedMessage } from '../../../../main/platform/message-limits.ts';
import { manualClock } from '../../../helpers/manual-clock.ts';

const bounds = { bytes: 100, values: 10, depth: 3 };

describe('isBoundedMessage', () => {
  it.each([
    [null],
    [undefined],
    [{}],
    [[1, 2, 3]],
    ['x'.repeat(50)],
    [{ a: { b: { c: 1 } } }],
    [Object.create(null)],
    [JSON.parse('{"__proto__":{"a":1}}')],
  ])('%j passes', (value) => expect(isBoundedMessage(value, bounds)).toBe(true));

  it.each([
    ['a long text', 'x'.repeat(51)],
    ['a long key', { ['k'.repeat(60)]: 1 }],
    ['many values', new Array(10).fill(0)],
    ['a deep value', { a: { b: { c: { d: 1 } } } }],
    ['a date', { a: new Date(0) }],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
    ['an instance', new (class {})()],
    ['a symbol', Symbol('a')],
  ])('%s is refused', (_name, value) => expect(isBoundedMessage(value, bounds)).toBe(false));

  it('ends for any value, and holds for every part of what passes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        if (!isBoundedMessage(value, bounds)) return true;
        return (
          typeof value !== 'object' ||
          value === null ||
          Object.values(value).every((part) => isBoundedMessage(part, bounds))
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('createRateLimit', () => {
  it('lets a burst through, then as many as fit the time', () => {
    const clock = manualClock();
    const limit = createRateLimit(clock, { perSecond: 10, burst: 3 });
    const take = (times: number) => Array.from({ length: times }, () => limit.take());
    expect(take(5)).toEqual([true, true, true, false, false]);
    clock.advance(100);
    expect(take(2)).toEqual([true, false]);
    clock.advance(60_000);
    expect(take(4)).toEqual([true, true, true, false]);
  });
});
