import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Layout, type LayoutOptions, layOut } from '../../../../renderer/grid/justified-layout.ts';
import { layoutHeight } from '../../../../renderer/grid/row-placement.ts';
import {
  anchorAt,
  recentred,
  rowWindow,
  scrollPlaceOf,
  scrollSpaceHeight,
  topOf,
} from '../../../../renderer/grid/virtual-window.ts';

const options: LayoutOptions = { width: 1200, rowHeight: 200, gap: 4, headerHeight: 48, dayGap: 24, minDayWidth: 112 };

const layouts = fc
  .record({
    ratios: fc.uint16Array({ min: 100, max: 10_000, minLength: 1, maxLength: 400 }),
    perDay: fc.integer({ min: 1, max: 60 }),
    width: fc.integer({ min: 320, max: 2600 }),
  })
  .map(
    ({ ratios, perDay, width }): Layout =>
      layOut(
        { ratios, days: Int32Array.from(ratios, (_, i) => 20_000 - Math.floor(i / perDay)) },
        { ...options, width },
      ),
  );

describe('scroll space', () => {
  const heights = fc.integer({ min: 1000, max: 400_000_000 });
  const viewports = fc.integer({ min: 200, max: 900 });

  it('stands for any place of any layout within what a browser scrolls', () => {
    fc.assert(
      fc.property(heights, viewports, fc.double({ min: 0, max: 1, noNaN: true }), (height, viewport, share) => {
        const y = Math.round(share * (height - viewport));
        const { base, scrollTop } = scrollPlaceOf(y, height, viewport);
        expect(base + scrollTop).toBe(y);
        expect(scrollTop).toBeGreaterThanOrEqual(0);
        expect(scrollTop).toBeLessThanOrEqual(Math.min(height, scrollSpaceHeight) - viewport);
      }),
    );
  });

  it('leads from the newest to the oldest photo and back by turning the wheel', () => {
    const height = 41_000_000;
    const viewport = 800;
    for (const [from, step] of [
      [0, 90_000],
      [height - viewport, -90_000],
    ] as const) {
      let place = scrollPlaceOf(from, height, viewport);
      let steps = 0;
      for (; steps < 1000; steps++) {
        const before = place.base + place.scrollTop;
        const scrollTop = Math.max(0, Math.min(place.scrollTop + step, scrollSpaceHeight - viewport));
        const moved = { ...place, scrollTop };
        place = recentred(moved, height, viewport) ?? moved;
        const now = place.base + place.scrollTop;
        if (now === before) break;
        // Moving the stretch is not seen.
        expect(Math.abs(now - before)).toBeLessThanOrEqual(90_000);
      }
      expect(place.base + place.scrollTop).toBe(step > 0 ? height - viewport : 0);
      expect(steps).toBeLessThan(500);
    }
  });

  it('is the browser’s own below the cap', () => {
    expect(scrollPlaceOf(1_234_567, 3_900_000, 800)).toEqual({ base: 0, scrollTop: 1_234_567 });
    expect(recentred({ base: 0, scrollTop: 10 }, 3_900_000, 800)).toBeNull();
    expect(recentred({ base: 0, scrollTop: 3_899_000 }, 3_900_000, 800)).toBeNull();
  });
});

describe('row window', () => {
  it('holds every row in view, few others, and no more photos than allowed where the view itself has fewer', () => {
    fc.assert(
      fc.property(
        layouts,
        fc.nat(),
        fc.integer({ min: 300, max: 1400 }),
        fc.integer({ min: 10, max: 380 }),
        (layout, some, viewport, most) => {
          const top = some % Math.max(1, layoutHeight(layout) - viewport);
          const { first, end } = rowWindow(layout, top, viewport, most);
          for (let row = 0; row < layout.rowCount; row++) {
            const inView = (layout.rowTops[row + 1] ?? 0) > top && (layout.rowTops[row] ?? 0) < top + viewport;
            if (inView) expect(row >= first && row < end).toBe(true);
          }
          const view = rowWindow(layout, top, viewport, 0);
          const photos = (layout.rowStarts[end] ?? 0) - (layout.rowStarts[first] ?? 0);
          const inViewPhotos = (layout.rowStarts[view.end] ?? 0) - (layout.rowStarts[view.first] ?? 0);
          expect(photos).toBeLessThanOrEqual(Math.max(most, inViewPhotos));
        },
      ),
    );
  });
});

describe('anchor', () => {
  it('brings back the same place in the same layout', () => {
    fc.assert(
      fc.property(layouts, fc.nat(), (layout, some) => {
        const viewport = 800;
        const top = some % Math.max(1, layoutHeight(layout) - viewport);
        const anchor = anchorAt(layout, top);
        if (anchor)
          expect(topOf(layout, anchor, viewport)).toBe(Math.max(0, Math.min(top, layoutHeight(layout) - viewport)));
        else expect(top).toBe(0);
      }),
    );
  });

  it('keeps a photo where it is on the screen when others come in above it', () => {
    const ratios = Uint16Array.from({ length: 300 }, (_, i) => 700 + ((i * 37) % 900));
    const days = Int32Array.from(ratios, (_, i) => 1000 - Math.floor(i / 50));
    const before = layOut({ ratios, days }, options);
    const after = layOut(
      { ratios: Uint16Array.from([1500, 1500, 800, ...ratios]), days: Int32Array.from([2000, 2000, 2000, ...days]) },
      options,
    );
    const top = 1700;
    const anchor = anchorAt(before, top);
    if (!anchor) throw new Error('there is one');
    const moved = topOf(after, { ...anchor, position: anchor.position + 3 }, 800);
    expect(after.rowStarts.indexOf(anchor.position + 3)).toBeGreaterThan(0);
    const y = after.rowTops[after.rowStarts.indexOf(anchor.position + 3)] ?? 0;
    expect(y - moved).toBe(anchor.offset);
  });
});
