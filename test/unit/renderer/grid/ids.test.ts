import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexIds } from '../../../../renderer/grid/id-index.ts';
import { IdSet } from '../../../../renderer/grid/id-set.ts';

const dense = fc.uniqueArray(fc.integer({ min: 1, max: 3000 }), { minLength: 0, maxLength: 400 });
const sparse = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 0, maxLength: 400 });

describe('id index', () => {
  it('finds every id, dense or sparse, and no other', () => {
    fc.assert(
      fc.property(fc.oneof(dense, sparse), fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 })), (ids, others) => {
        const indexOf = indexIds(Uint32Array.from(ids));
        for (const id of [...ids, ...others]) expect(indexOf(id)).toBe(ids.indexOf(id));
      }),
    );
  });
});

describe('id set', () => {
  it('behaves as a set of numbers', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(changes, (all) => {
        const ids = new IdSet();
        const model = new Set<number>();
        for (const [id, member] of all) {
          expect(ids.set(id, member)).toBe(model.has(id) !== member);
          if (member) model.add(id);
          else model.delete(id);
        }
        expect(ids.size).toBe(model.size);
        expect(ids.toArray()).toEqual([...model].sort((a, b) => a - b));
        ids.clear();
        expect([ids.size, ids.toArray()]).toEqual([0, []]);
      }),
    );
  });
});
