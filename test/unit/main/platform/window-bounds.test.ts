// Where the window opens: always to be seen and taken hold of, as large as it was where that fits.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bounds, placeWindow, readWindowState } from '../../../../main/platform/window-bounds.ts';

const main = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: -200, width: 2560, height: 1400 };

describe('placeWindow', () => {
  it('opens in the middle the first time', () => {
    expect(placeWindow(null, [main])).toEqual({ x: 320, y: 100, width: 1280, height: 840 });
  });
  it('is no larger than a small screen', () => {
    expect(placeWindow(null, [{ x: 0, y: 24, width: 1024, height: 600 }])).toEqual({
      x: 0,
      y: 24,
      width: 1024,
      height: 600,
    });
  });
  it('opens where it was, on the second screen too', () => {
    const saved = { x: 2500, y: 100, width: 900, height: 700 };
    expect(placeWindow(saved, [main, right])).toEqual(saved);
  });
  it('comes back when the screen it was on is gone', () => {
    expect(placeWindow({ x: 2500, y: 100, width: 900, height: 700 }, [main])).toEqual({
      x: 320,
      y: 100,
      width: 1280,
      height: 840,
    });
  });
  it('is moved in where it hung over an edge', () => {
    expect(placeWindow({ x: 1500, y: 600, width: 800, height: 700 }, [main])).toEqual({
      x: 1120,
      y: 340,
      width: 800,
      height: 700,
    });
  });

  const bounds = fc.record({
    x: fc.integer({ min: -9000, max: 9000 }),
    y: fc.integer({ min: -9000, max: 9000 }),
    width: fc.integer({ min: 0, max: 9000 }),
    height: fc.integer({ min: 0, max: 9000 }),
  });
  const area = fc.record({
    x: fc.integer({ min: -4000, max: 4000 }),
    y: fc.integer({ min: -4000, max: 4000 }),
    width: fc.integer({ min: 320, max: 5000 }),
    height: fc.integer({ min: 240, max: 3000 }),
  });
  const inside = (window: Bounds, screen: Bounds): boolean =>
    window.x >= screen.x &&
    window.y >= screen.y &&
    window.x + window.width <= screen.x + screen.width &&
    window.y + window.height <= screen.y + screen.height;

  it('lies wholly on one screen, whatever was saved', () => {
    fc.assert(
      fc.property(fc.option(bounds), fc.array(area, { minLength: 1, maxLength: 3 }), (saved, areas) =>
        areas.some((screen) => inside(placeWindow(saved, areas), screen)),
      ),
    );
  });
  it('stays where it is once placed', () => {
    fc.assert(
      fc.property(fc.option(bounds), area, (saved, screen) => {
        const placed = placeWindow(saved, [screen]);
        expect(placeWindow(placed, [screen])).toEqual(placed);
      }),
    );
  });
});

describe('readWindowState', () => {
  const whole = { bounds: { x: 1, y: 2, width: 3, height: 4 }, isMaximised: true };
  it('reads what was written', () => expect(readWindowState(JSON.stringify(whole))).toEqual(whole));
  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"bounds":null}',
    '{"bounds":{"x":1,"y":2,"width":3}}',
    '{"bounds":{"x":"1","y":2,"width":3,"height":4}}',
    '{"bounds":{"x":1e9,"y":2,"width":3,"height":4}}',
    '{"bounds":{"x":1.5,"y":2,"width":3,"height":4}}',
  ])('%j is nothing', (text) => expect(readWindowState(text)).toBeNull());
  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readWindowState(text)));
  });
});
