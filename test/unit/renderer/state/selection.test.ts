import { describe, expect, it } from 'vitest';
import { SelectionState } from '../../../../renderer/state/selection.svelte.ts';

const list = { ids: Uint32Array.of(9, 4, 7, 2, 5), grouped: true };

describe('selection', () => {
  it('reaches from the photo last pressed to the one pressed with Shift, in the order shown, both ways', () => {
    const selection = new SelectionState();
    selection.toggle(7);
    selection.extendTo(list, 9);
    expect(selection.toArray()).toEqual([4, 7, 9]);
    selection.extendTo(list, 5);
    expect(selection.toArray()).toEqual([2, 4, 5, 7, 9]);
  });

  it('begins a range at the photo itself where nothing was pressed, or what was is no longer shown', () => {
    const selection = new SelectionState();
    selection.extendTo(list, 4);
    expect(selection.toArray()).toEqual([4]);
    selection.clear();
    selection.toggle(100);
    selection.extendTo(list, 2);
    expect(selection.toArray()).toEqual([2, 100]);
  });

  it('takes a whole day, and gives it back when all of it was taken', () => {
    const selection = new SelectionState();
    const day = list.ids.subarray(1, 4);
    selection.toggle(7);
    selection.toggleAll(day);
    expect([selection.hasAll(day), selection.count]).toEqual([true, 3]);
    selection.toggleAll(day);
    expect(selection.count).toBe(0);
  });

  it('forgets what the library no longer has', () => {
    const selection = new SelectionState();
    selection.selectAll(list);
    selection.keepOnly((id) => id > 4);
    expect(selection.toArray()).toEqual([5, 7, 9]);
  });
});
