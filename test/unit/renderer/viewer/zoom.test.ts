import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageZoom } from '../../../../renderer/viewer/stage-zoom.svelte.ts';
import {
  fitted,
  fittedSize,
  fullScale,
  greatestScale,
  keepInside,
  moveBy,
  zoomAt,
} from '../../../../renderer/viewer/zoom.ts';

const size = fc.record({ width: fc.integer({ min: 1, max: 8000 }), height: fc.integer({ min: 1, max: 8000 }) });
const stage = fc.record({ width: fc.integer({ min: 100, max: 3000 }), height: fc.integer({ min: 100, max: 2000 }) });

describe('a picture on the stage', () => {
  it('fits, keeps its proportions, and is not blown up', () => {
    fc.assert(
      fc.property(size, stage, (picture, room) => {
        const { width, height } = fittedSize(picture, room);
        expect(width).toBeLessThanOrEqual(Math.min(room.width, picture.width) + 1e-6);
        expect(height).toBeLessThanOrEqual(Math.min(room.height, picture.height) + 1e-6);
        expect(width * picture.height).toBeCloseTo(height * picture.width, 0);
      }),
    );
  });

  it('is never smaller than fitted, never beyond its greatest scale, never torn off an edge', () => {
    const step = fc.record({
      factor: fc.double({ min: 0.2, max: 5, noNaN: true }),
      x: fc.integer({ min: -900, max: 900 }),
      y: fc.integer({ min: -900, max: 900 }),
    });
    fc.assert(
      fc.property(size, stage, fc.array(step, { maxLength: 12 }), (picture, room, steps) => {
        let zoom = fitted;
        for (const { factor, x, y } of steps)
          zoom = moveBy(zoomAt(zoom, factor, { x, y }, picture, room), y, x, picture, room);
        expect(zoom.scale).toBeGreaterThanOrEqual(1);
        expect(zoom.scale).toBeLessThanOrEqual(greatestScale(picture, room));
        const drawn = fittedSize(picture, room).width * zoom.scale;
        if (drawn <= room.width) expect(zoom.x).toBe(0);
        else expect(Math.abs(zoom.x)).toBeLessThanOrEqual((drawn - room.width) / 2 + 1e-6);
      }),
    );
  });

  it('grows around the pointer', () => {
    const picture = { width: 4000, height: 3000 };
    const room = { width: 1000, height: 750 };
    const zoom = zoomAt(fitted, 2, { x: 100, y: -50 }, picture, room);
    // The point under the pointer was 100, -50 from the middle; at twice the size it would be at 200, -100 and is moved back.
    expect(zoom).toEqual({ scale: 2, x: -100, y: 50 });
    expect(fullScale(picture, room)).toBe(4);
    expect(keepInside({ scale: 2, x: 9999, y: 0 }, picture, room).x).toBe(500);
  });
});

describe('the stage', () => {
  function onStage(): StageZoom {
    const zoom = new StageZoom();
    zoom.resize({ width: 1000, height: 750 });
    zoom.picture = { width: 4000, height: 3000 };
    return zoom;
  }

  it('goes to full size and back', () => {
    const zoom = onStage();
    expect(zoom.percent).toBe(25);
    zoom.toggle();
    expect([zoom.percent, zoom.magnified]).toEqual([100, true]);
    zoom.toggle();
    expect(zoom.magnified).toBe(false);
  });

  it('pinches with two fingers and drags with one', () => {
    const zoom = onStage();
    zoom.press(1, { x: -50, y: 0 });
    zoom.press(2, { x: 50, y: 0 });
    expect(zoom.drag(2, { x: 150, y: 0 })).toBe(true);
    expect(zoom.zoom.scale).toBeCloseTo(2);
    zoom.release(1);
    const before = zoom.zoom.x;
    zoom.drag(2, { x: 130, y: 0 });
    expect(zoom.zoom.x).toBeCloseTo(before - 20);
  });

  it('does not move a picture that fits', () => {
    const zoom = onStage();
    zoom.press(1, { x: 0, y: 0 });
    expect(zoom.drag(1, { x: 80, y: 0 })).toBe(false);
    expect(zoom.zoom).toEqual(fitted);
  });

  it('magnifies nothing before the picture is known', () => {
    const zoom = new StageZoom();
    zoom.in();
    zoom.wheel(-500, false, { x: 0, y: 0 });
    expect(zoom.zoom).toEqual(fitted);
  });
});
