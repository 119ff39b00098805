// Names the files that an ONNX graph keeps tensors in beside itself, by walking its protobuf without loading it. Inference process.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ModelError } from '../errors.ts';

/** Messages of onnx.proto3 on the way to an external tensor, and which field leads to which. */
const messages = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
  entry: {},
} as const satisfies Record<string, Record<number, string>>;

type Message = keyof typeof messages;

/** Graphs lie in attributes of graphs (If, Loop), never this deep. */
const deepest = 64;
const windowBytes = 64 * 1024;

/** Reads a file here and there: tensors, which are nearly all of it, are passed over unread. */
interface Bytes {
  readonly size: number;
  at(position: number): number;
}

/**
 * @param path absolute path of a graph.
 * @returns every location named, as it stands there, each once.
 * @throws ModelError `model/load` where the file is no protobuf.
 */
export function externalFiles(path: string): string[] {
  const file = openSync(path, 'r');
  try {
    const found = new Set<string>();
    walk(bytesOf(file), 'model', { start: 0, end: fstatSync(file).size }, found, 0);
    return [...found];
  } finally {
    closeSync(file);
  }
}

function walk(
  bytes: Bytes,
  message: Message,
  range: { start: number; end: number },
  found: Set<string>,
  depth: number,
): void {
  if (depth > deepest) throw broken();
  const inner: Record<number, string> = messages[message];
  const texts: Record<number, string> = {};
  for (let position = range.start; position < range.end; ) {
    const tag = varint(bytes, position, range.end);
    const field = Math.floor(tag.value / 8);
    const { start, end } = fieldRange(bytes, tag.value % 8, tag.end, range.end);
    const next = inner[field] as Message | undefined;
    if (next && tag.value % 8 === 2) walk(bytes, next, { start, end }, found, depth + 1);
    if (message === 'entry' && end - start <= 4_096) texts[field] = textAt(bytes, start, end);
    position = end;
  }
  if (message === 'entry' && texts[1] === 'location') found.add(texts[2] ?? '');
}

function fieldRange(bytes: Bytes, wireType: number, position: number, limit: number): { start: number; end: number } {
  let start = position;
  let end: number;
  if (wireType === 0) end = varint(bytes, position, limit).end;
  else if (wireType === 1) end = position + 8;
  else if (wireType === 5) end = position + 4;
  else if (wireType === 2) {
    const length = varint(bytes, position, limit);
    start = length.end;
    end = start + length.value;
  } else throw broken();
  if (end > limit) throw broken();
  return { start, end };
}

function varint(bytes: Bytes, position: number, limit: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < 10 && position + index < limit; index++) {
    const byte = bytes.at(position + index);
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: position + index + 1 };
  }
  throw broken();
}

function textAt(bytes: Bytes, start: number, end: number): string {
  const text = Buffer.alloc(end - start);
  for (let index = 0; index < text.length; index++) text[index] = bytes.at(start + index);
  return text.toString('utf8');
}

function bytesOf(file: number): Bytes {
  const size = fstatSync(file).size;
  const window = Buffer.alloc(windowBytes);
  let from = 0;
  let to = 0;
  return {
    size,
    at(position) {
      if (position < from || position >= to) {
        from = position;
        to = from + readSync(file, window, 0, windowBytes, position);
        if (position >= to) throw broken();
      }
      return window[position - from] as number;
    },
  };
}

function broken(): ModelError {
  return new ModelError('model/load', 'A graph of the pack cannot be read (it is no ONNX file). Fetch the pack again.');
}
