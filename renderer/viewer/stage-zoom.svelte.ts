// The viewer's magnification as wheel, fingers, mouse and keys change it. Renderer.
import { fitted, fullScale, greatestScale, keepInside, moveBy, type Size, type Zoom, zoomAt } from './zoom.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const keyStep = 1.5;

export class StageZoom {
  zoom = $state.raw<Zoom>(fitted);
  /** Of the picture, in its own pixels; nothing is magnified before it is known. */
  picture = $state.raw<Size>({ width: 0, height: 0 });
  stage = $state.raw<Size>({ width: 0, height: 0 });

  readonly magnified = $derived(this.zoom.scale > 1);
  /** Of the picture's own pixels. */
  readonly percent = $derived(Math.round((this.zoom.scale / fullScale(this.picture, this.stage)) * 100));
  readonly atMost = $derived(this.zoom.scale >= greatestScale(this.picture, this.stage));

  /** Fingers and buttons that are down, by pointer id. */
  readonly #down = new Map<number, Point>();

  reset(): void {
    this.zoom = fitted;
    this.#down.clear();
  }

  resize(stage: Size): void {
    this.stage = stage;
    this.zoom = keepInside(this.zoom, this.picture, stage);
  }

  in(): void {
    this.#by(keyStep);
  }

  out(): void {
    this.#by(1 / keyStep);
  }

  /** Z, or a double click: to the picture's own pixels around a point and back. */
  toggle(at: Point = { x: 0, y: 0 }): void {
    if (this.magnified) this.zoom = fitted;
    else this.#by(Math.max(2, fullScale(this.picture, this.stage)), at);
  }

  /** One notch of most wheels is 100; a pinch on a touch pad comes as a wheel with Ctrl and small steps. */
  wheel(deltaY: number, isPinch: boolean, at: Point): void {
    this.#by(Math.exp(-deltaY * (isPinch ? 0.01 : 0.002)), at);
  }

  press(pointer: number, at: Point): void {
    this.#down.set(pointer, at);
  }

  /** Returns true where the picture moved: the press was a drag then, not a click. */
  drag(pointer: number, to: Point): boolean {
    const from = this.#down.get(pointer);
    if (!from) return false;
    const other = [...this.#down].find(([id]) => id !== pointer)?.[1];
    this.#down.set(pointer, to);
    if (other) this.#pinch(from, to, other);
    else if (this.magnified) this.zoom = moveBy(this.zoom, to.x - from.x, to.y - from.y, this.picture, this.stage);
    else return false;
    return true;
  }

  release(pointer: number): void {
    this.#down.delete(pointer);
  }

  #pinch(from: Point, to: Point, other: Point): void {
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    if (before > 0) this.#by(after / before, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
  }

  #by(factor: number, at: Point = { x: 0, y: 0 }): void {
    if (this.picture.width > 0) this.zoom = zoomAt(this.zoom, factor, at, this.picture, this.stage);
  }
}
