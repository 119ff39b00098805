import { describe, expect, it } from 'vitest';
import { type Timeline, undatedDay } from '../../../../preload/contract/timeline.ts';
import { columnsOf, cssColour, dayAround } from '../../../../renderer/grid/columns.ts';
import { indexIds } from '../../../../renderer/grid/id-index.ts';
import { layOut } from '../../../../renderer/grid/justified-layout.ts';
import { keyMove } from '../../../../renderer/grid/key-moves.ts';
import { nearerRowHeight } from '../../../../renderer/grid/row-heights.ts';
import { markAt, monthMarks, yearLabels } from '../../../../renderer/grid/timeline-marks.ts';

const timeline: Timeline = {
  revision: 1,
  count: 4,
  ids: Uint32Array.of(40, 30, 20, 10),
  days: Int32Array.of(19_000, 19_000, 18_000, undatedDay),
  ratios: Uint16Array.of(1500, 800, 1000, 1200),
  colours: Uint16Array.of(1, 2, 3, 4),
  flags: Uint8Array.of(0, 1, 0, 16),
};
const indexOf = indexIds(timeline.ids);

describe('columns', () => {
  it('are the timeline’s own for the whole of it', () => {
    const columns = columnsOf({ ids: timeline.ids, grouped: true }, timeline, indexOf);
    expect(columns.ratios).toBe(timeline.ratios);
    expect(columns.days).toBe(timeline.days);
  });

  it('follow the order of a search and leave out what the library no longer has', () => {
    const { positionOf, ...columns } = columnsOf(
      { ids: Uint32Array.of(10, 99, 40), grouped: false },
      timeline,
      indexOf,
    );
    expect(columns).toEqual({
      ids: Uint32Array.of(10, 40),
      days: null,
      ratios: Uint16Array.of(1200, 1500),
      colours: Uint16Array.of(4, 1),
      flags: Uint8Array.of(16, 0),
    });
    expect([positionOf(40), positionOf(99)]).toEqual([1, -1]);
  });

  it('tell the day around a photo', () => {
    const columns = columnsOf({ ids: timeline.ids, grouped: true }, timeline, indexOf);
    expect([0, 1, 2, 3].map((position) => dayAround(columns, position))).toEqual([
      { start: 0, end: 2 },
      { start: 0, end: 2 },
      { start: 2, end: 3 },
      { start: 3, end: 4 },
    ]);
  });

  it('unpack colours to the ends of their range', () => {
    expect([0, 0xffff, 0xf800].map(cssColour)).toEqual(['rgb(0 0 0)', 'rgb(255 255 255)', 'rgb(255 0 0)']);
  });
});

describe('month marks', () => {
  const dayOf = (date: string): number => Date.parse(date) / 86_400_000;
  const days = Int32Array.of(
    ...['2024-03-02', '2024-03-02', '2024-03-01', '2024-02-29', '1969-12-31'].map(dayOf),
    undatedDay,
  );
  const marks = monthMarks(days);

  it('begin where a month does, before 1970 too, with the undated at the end', () => {
    expect(marks).toEqual([
      { year: 2024, month: 3, position: 0 },
      { year: 2024, month: 2, position: 3 },
      { year: 1969, month: 12, position: 4 },
      { year: null, month: 0, position: 5 },
    ]);
    expect([0, 2, 3, 4, 5].map((position) => markAt(marks, position))).toEqual([0, 0, 1, 2, 3]);
  });

  it('name years only where there is room for them', () => {
    expect(yearLabels(marks, [0, 0.5, 0.8, 0.81], 0.05)).toEqual([
      { year: 2024, at: 0 },
      { year: 1969, at: 0.8 },
    ]);
  });
});

describe('keys', () => {
  // Six rows of five squares.
  const layout = layOut(
    { ratios: new Uint16Array(30).fill(1000), days: null },
    { width: 1016, rowHeight: 200, gap: 4, headerHeight: 0, dayGap: 0, minDayWidth: 0 },
  );

  it.each([
    ['ArrowRight', 4, 5],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 7, 12],
    ['ArrowUp', 7, 2],
    ['ArrowUp', 2, 2],
    ['ArrowDown', 27, 27],
    ['PageDown', 1, 11],
    ['PageUp', 29, 19],
    ['PageUp', 7, 2],
    ['Home', 17, 0],
    ['End', 3, 29],
    ['a', 3, null],
  ])('%s leads from photo %i to %o', (key, from, to) => {
    expect(keyMove(key, layout, from, 430)).toBe(to);
  });
});

describe('row heights', () => {
  it('step within bounds, on the 4 pixel grid, and never stand still between them', () => {
    const seen = [80];
    for (let height = 80; height < 480; seen.push(height)) {
      const next = nearerRowHeight(height, true);
      expect(next).toBeGreaterThan(height);
      expect(next % 4).toBe(0);
      height = next;
    }
    expect(seen.at(-1)).toBe(480);
    expect(nearerRowHeight(80, false)).toBe(80);
  });
});
