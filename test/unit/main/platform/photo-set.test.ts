// Sets of photos as bits against sets of numbers.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasPhoto, photoSetOf, photosOf } from '../../../../main/platform/photo-set.ts';

it('holds exactly the photos it was made of, lists them in order and counts them', () => {
  const ids = fc.uniqueArray(fc.oneof(fc.nat(200), fc.nat(100_000)), { maxLength: 80 });
  fc.assert(
    fc.property(ids, fc.nat(100_100), (members, other) => {
      const set = photoSetOf(members);
      expect(set.count).toBe(members.length);
      expect([...photosOf(set)]).toEqual([...members].sort((a, b) => a - b));
      expect(hasPhoto(set, other)).toBe(members.includes(other));
    }),
  );
});
