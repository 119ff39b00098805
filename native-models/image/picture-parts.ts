// Cuts a picture into overlapping squares that a model looks at one by one: what tells where in it something is. Inference process; the resize is sharp's.
import { type PixelTensor, type PreprocessSpec, preprocess, type RawPicture, type Size } from './preprocess.ts';

/** Sides as shares of the picture's width and height, from the top left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Side of a square as a share of the picture's shorter side, and squares along that side. Docs: `docs/explanations.md`. */
const share = 0.42;
const along = 4;
/** Not even a panorama gets more squares along its longer side: each costs a run of the image model. */
const mostAlong = 5;

/** Squares, row by row, that overlap by about half and cover the picture, but for one much longer than wide. */
export function partBoxes({ width, height }: Size): Box[] {
  const side = Math.max(1, Math.round(share * Math.min(width, height)));
  const columns = countAlong(width, Math.min(width, height), side);
  const rows = countAlong(height, Math.min(width, height), side);
  const boxes: Box[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const left = placeOf(column, columns, width - side);
      const top = placeOf(row, rows, height - side);
      boxes.push({
        left: left / width,
        top: top / height,
        right: (left + side) / width,
        bottom: (top + side) / height,
      });
    }
  }
  return boxes;
}

function countAlong(length: number, shorter: number, side: number): number {
  if (shorter <= side) return 1;
  const step = (shorter - side) / (along - 1);
  return Math.min(mostAlong, Math.round((length - side) / step) + 1);
}

function placeOf(index: number, count: number, room: number): number {
  return count === 1 ? 0 : Math.round((index * room) / (count - 1));
}

/** One part as a model's input, brought to its size as a whole picture would be. */
export function cutPart(picture: RawPicture, box: Box, spec: PreprocessSpec): Promise<PixelTensor> {
  const left = Math.round(box.left * picture.width);
  const top = Math.round(box.top * picture.height);
  const width = Math.max(1, Math.round(box.right * picture.width) - left);
  const height = Math.max(1, Math.round(box.bottom * picture.height) - top);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const from = ((top + row) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), row * width * 3);
  }
  return preprocess({ width, height, data }, spec);
}
