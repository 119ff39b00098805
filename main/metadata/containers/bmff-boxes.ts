// Walks the boxes of ISO base media files: HEIC, AVIF, CR3, JPEG XL, JPEG 2000 (inference child process).

export interface Box {
  type: string;
  body: Buffer;
}

const MAX_BOXES = 10_000;

/** Child boxes of `bytes` in order (ISO/IEC 14496-12, 4.2); stops at the first one that is not whole enough to name. */
export function listBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < MAX_BOXES; ) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    let length = bytes.readUInt32BE(at);
    let headerBytes = 8;
    if (length === 1 && at + 16 <= bytes.length) {
      length = Number(bytes.readBigUInt64BE(at + 8));
      headerBytes = 16;
    } else if (length === 0) length = bytes.length - at;
    if (length < headerBytes) break;
    boxes.push({ type, body: bytes.subarray(at + headerBytes, at + length) });
    at += length;
  }
  return boxes;
}

export function findBox(boxes: readonly Box[], type: string): Buffer | undefined {
  return boxes.find((box) => box.type === type)?.body;
}
