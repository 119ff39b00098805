// Where a picture lies in the viewer when it is magnified: pure arithmetic. Renderer.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `scale` 1 is the picture fitted into the stage; `x`, `y` move its middle away from the stage's middle, in CSS pixels. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const fitted: Zoom = { scale: 1, x: 0, y: 0 };

/** Twice the picture's own pixels: beyond it there is nothing more to see. */
const mostOfPixels = 2;
const leastMost = 4;

/** Size of the picture at scale 1. Small pictures are not blown up to the stage. */
export function fittedSize(picture: Size, stage: Size): Size {
  if (picture.width === 0 || picture.height === 0) return { width: 0, height: 0 };
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Scale at which one pixel of the picture is one CSS pixel; 1 for pictures smaller than the stage. */
export function fullScale(picture: Size, stage: Size): number {
  const { width } = fittedSize(picture, stage);
  return width === 0 ? 1 : picture.width / width;
}

export function greatestScale(picture: Size, stage: Size): number {
  return Math.max(leastMost, fullScale(picture, stage) * mostOfPixels);
}

/** Scaled by `factor` with the point `at` (from the stage's middle) staying under the pointer. */
export function zoomAt(
  zoom: Zoom,
  factor: number,
  at: { readonly x: number; readonly y: number },
  picture: Size,
  stage: Size,
): Zoom {
  const scale = Math.min(greatestScale(picture, stage), Math.max(1, zoom.scale * factor));
  const ratio = scale / zoom.scale;
  return keepInside({ scale, x: at.x - (at.x - zoom.x) * ratio, y: at.y - (at.y - zoom.y) * ratio }, picture, stage);
}

export function moveBy(zoom: Zoom, dx: number, dy: number, picture: Size, stage: Size): Zoom {
  return keepInside({ scale: zoom.scale, x: zoom.x + dx, y: zoom.y + dy }, picture, stage);
}

/** No edge of the picture is drawn further in than the stage's edge; what is smaller than the stage lies in its middle. */
export function keepInside(zoom: Zoom, picture: Size, stage: Size): Zoom {
  const { width, height } = fittedSize(picture, stage);
  const spareX = Math.max(0, (width * zoom.scale - stage.width) / 2);
  const spareY = Math.max(0, (height * zoom.scale - stage.height) / 2);
  const within = (value: number, spare: number): number => Math.min(spare, Math.max(-spare, value)) || 0;
  return { scale: zoom.scale, x: within(zoom.x, spareX), y: within(zoom.y, spareY) };
}
