// Who pays when the process dies under a batch.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { withCrashesBlamed } from '../../../../../main/services/indexing/crash-blame.ts';

const endings = ['inference/crashed', 'inference/timeout'] as const;

describe('withCrashesBlamed', () => {
  it('asks once where nothing goes wrong', async () => {
    const batches: (readonly number[])[] = [];
    const run = async (some: readonly number[]) => {
      batches.push(some);
      return some.map((item) => item * 2);
    };
    expect(await withCrashesBlamed([1, 2, 3], run)).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
    expect(await withCrashesBlamed([], run)).toEqual([]);
  });

  it('blames exactly those that end the process, wherever they stand, and does all the others', async () => {
    const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(flags, fc.constantFrom(...endings), async (poisonous, code) => {
        const items = poisonous.map((_, index) => index);
        let solo = 0;
        const outcomes = await withCrashesBlamed(items, async (some) => {
          if (some.length === 1) solo++;
          if (some.some((item) => poisonous[item])) throw new AppError(code, 'ended');
          return some.map((item) => `done ${item}`);
        });
        expect(outcomes).toEqual(items.map((item) => (poisonous[item] ? 'crashed' : `done ${item}`)));
        expect(solo).toBeLessThanOrEqual(items.length);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['model/load', 'inference/unavailable', 'inference/out-of-memory', 'internal'] as const)(
    'throws %s at once: it is no photo’s fault',
    async (code) => {
      let calls = 0;
      const run = async () => {
        calls++;
        throw new AppError(code, 'not the photo');
      };
      await expect(withCrashesBlamed([1, 2], run)).rejects.toMatchObject({ code });
      expect(calls).toBe(1);
    },
  );
});
