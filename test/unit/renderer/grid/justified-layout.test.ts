import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginsDay,
  type Layout,
  type LayoutInput,
  type LayoutOptions,
  layOut,
  startLayout,
} from '../../../../renderer/grid/justified-layout.ts';
import { layoutHeight, placeRow, rowAt, rowOf } from '../../../../renderer/grid/row-placement.ts';

const options: LayoutOptions = {
  width: 1200,
  rowHeight: 200,
  gap: 4,
  headerHeight: 48,
  dayGap: 24,
  minDayWidth: 112,
};

const optionsOf = fc
  .record({ width: fc.integer({ min: 320, max: 3840 }), rowHeight: fc.integer({ min: 80, max: 480 }) })
  .map((some) => ({ ...options, ...some }));

/** Photos in days of some length each. */
const grouped = fc
  .array(fc.array(fc.integer({ min: 100, max: 10_000 }), { minLength: 1, maxLength: 30 }), { maxLength: 30 })
  .map(
    (byDay): LayoutInput => ({
      ratios: Uint16Array.from(byDay.flat()),
      days: Int32Array.from(byDay.flatMap((day, i) => day.map(() => 20_000 - i))),
    }),
  );
const ungrouped = grouped.map(({ ratios }): LayoutInput => ({ ratios, days: null }));
const inputs = fc.oneof(grouped, ungrouped);

function rowsOf(layout: Layout): ReturnType<typeof placeRow>[] {
  return Array.from({ length: layout.rowCount }, (_, row) => placeRow(layout, row));
}

describe('justified layout', () => {
  it('places every photo once, in order, in whole pixels, without overlap and within the width', () => {
    fc.assert(
      fc.property(inputs, optionsOf, (input, chosen) => {
        const layout = layOut(input, chosen);
        const rows = rowsOf(layout);
        const positions = rows.flatMap(({ photos }) => photos.map(({ position }) => position));
        expect(positions).toEqual([...input.ratios.keys()]);
        for (const row of rows) {
          let right = -chosen.gap;
          for (const { left, width } of row.photos) {
            expect(Number.isInteger(left) && Number.isInteger(width) && width > 0).toBe(true);
            expect(left).toBeGreaterThanOrEqual(right + chosen.gap - 1);
            right = left + width;
          }
          expect(right).toBeLessThanOrEqual(chosen.width);
          const bottom = row.top + row.headerHeight + row.photoHeight + chosen.gap;
          expect(layout.rowTops[row.row + 1]).toBe(bottom);
        }
      }),
    );
  });

  it('fills every row that is not the last of its day to the pixel', () => {
    fc.assert(
      fc.property(inputs, optionsOf, (input, chosen) => {
        const layout = layOut(input, chosen);
        for (const { row, photos } of rowsOf(layout)) {
          const next = layout.rowStarts[row + 1] ?? 0;
          if (next === input.ratios.length || beginsDay(input, next)) continue;
          const last = photos.at(-1);
          expect((last?.left ?? 0) + (last?.width ?? 0)).toBe(chosen.width);
        }
      }),
    );
  });

  it('keeps the height of rows near the one asked for', () => {
    fc.assert(
      fc.property(inputs, optionsOf, (input, chosen) => {
        const target = Math.min(chosen.rowHeight, chosen.width / 2);
        for (const height of layOut(input, chosen).rowHeights) {
          expect(height).toBeGreaterThan(target * 0.4);
          expect(height).toBeLessThan(target * 2.5);
        }
      }),
    );
  });

  it('gives every day one header, above its first photo, that overlaps no other', () => {
    fc.assert(
      fc.property(grouped, optionsOf, (input, chosen) => {
        const rows = rowsOf(layOut(input, chosen));
        const headers = rows.flatMap(({ days }) => days.map(({ position }) => position));
        expect(headers).toEqual([...input.ratios.keys()].filter((position) => beginsDay(input, position)));
        for (const { days, headerHeight } of rows) {
          expect(headerHeight > 0).toBe(days.length > 0);
          days.slice(1).forEach((day, i) => {
            const before = days[i];
            expect(day.left).toBeGreaterThanOrEqual((before?.left ?? 0) + (before?.width ?? 0));
          });
          for (const day of days)
            expect(day.width).toBeGreaterThanOrEqual(Math.min(chosen.minDayWidth, chosen.width) - 1);
        }
      }),
    );
  });

  it('is the same in slices as at once', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 5 }), (input, rows) => {
        const job = startLayout(input, options);
        let layout = job.advance(rows);
        while (!layout) layout = job.advance(rows);
        expect(layout).toEqual(layOut(input, options));
      }),
    );
  });

  it('leaves everything above a day as it is when photos join that day or a later one', () => {
    fc.assert(
      fc.property(grouped, grouped, (input, more) => {
        const joined: LayoutInput = {
          ratios: Uint16Array.from([...input.ratios, ...more.ratios]),
          days: Int32Array.from([...(input.days ?? []), ...(more.days ?? []).map((day) => day - 1000)]),
        };
        const before = layOut(input, options);
        const after = layOut(joined, options);
        // The last row may take further short days in.
        const kept = Math.max(0, before.rowCount - 1);
        expect(after.rowStarts.slice(0, kept + 1)).toEqual(before.rowStarts.slice(0, kept + 1));
        expect(after.rowTops.slice(0, kept + 1)).toEqual(before.rowTops.slice(0, kept + 1));
      }),
    );
  });

  it('finds rows by height and by photo', () => {
    fc.assert(
      fc.property(inputs, fc.nat(), (input, some) => {
        fc.pre(input.ratios.length > 0);
        const layout = layOut(input, options);
        const position = some % input.ratios.length;
        const row = rowOf(layout, position);
        expect(placeRow(layout, row).photos.some((photo) => photo.position === position)).toBe(true);
        const y = some % layoutHeight(layout);
        const found = rowAt(layout, y);
        expect(layout.rowTops[found]).toBeLessThanOrEqual(y);
        expect(layout.rowTops[found + 1]).toBeGreaterThan(y);
      }),
    );
  });

  it('sets short days beside each other and starts a long one on a row of its own', () => {
    const days = [1, 2, 3, 3, 3, 3, 3, 3, 3, 3].map((day) => 100 - day);
    const layout = layOut({ ratios: Uint16Array.from(days, () => 1500), days: Int32Array.from(days) }, options);
    expect(placeRow(layout, 0).days.map(({ position }) => position)).toEqual([0, 1]);
    expect(layout.rowStarts[1]).toBe(2);
  });
});
