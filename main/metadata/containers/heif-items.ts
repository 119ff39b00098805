// Reads the item tables of a HEIF `meta` box: what items there are, where their bytes lie, which properties they have (inference child process).
import type { Box } from './bmff-boxes.ts';

export interface ItemInfo {
  id: number;
  type: string;
  /** MIME type of a `mime` item, else empty. */
  contentType: string;
}

export interface ItemExtent {
  offset: number;
  length: number;
  /** Offsets count from the start of the `idat` box rather than of the file. */
  isInIdat: boolean;
}

const MAX_ITEMS = 20_000;

function parseItemInfo(body: Buffer): ItemInfo | null {
  const version = body[0] ?? 0;
  if (version < 2) return null;
  const idBytes = version === 2 ? 2 : 4;
  const id = body.readUIntBE(4, idBytes);
  const typeAt = 4 + idBytes + 2;
  const nameEnd = body.indexOf(0, typeAt + 4);
  const contentEnd = nameEnd < 0 ? -1 : body.indexOf(0, nameEnd + 1);
  const contentType = contentEnd < 0 ? '' : body.toString('latin1', nameEnd + 1, contentEnd);
  return { id, type: body.toString('latin1', typeAt, typeAt + 4), contentType };
}

/** Entries of `iinf`, given its child boxes. */
export function parseItemInfos(infes: readonly Box[]): ItemInfo[] {
  return infes.flatMap((box) => (box.type === 'infe' ? (parseItemInfo(box.body) ?? []) : []));
}

/** First extent of each wanted item in an `iloc` box (ISO/IEC 14496-12, 8.11.3); throws on damage. */
export function parseItemLocations(body: Buffer, wanted: ReadonlySet<number>): Map<number, ItemExtent> {
  const found = new Map<number, ItemExtent>();
  const version = body[0] ?? 0;
  const sizes = body.readUInt16BE(4);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  let at = 6;
  const next = (bytes: number): number => {
    // Sizes are 0, 4 or 8 by the standard; readUIntBE goes to 6 bytes and no file here reaches 2^48.
    const value = bytes === 0 ? 0 : bytes === 8 ? Number(body.readBigUInt64BE(at)) : body.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
  const items = Math.min(next(version < 2 ? 2 : 4), MAX_ITEMS);
  for (let i = 0; i < items; i += 1) {
    const id = next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : next(2) & 15;
    at += 2;
    const base = next(baseBytes);
    const extents = next(2);
    const extentsAt = at;
    at += indexBytes;
    const offset = base + next(offsetBytes);
    const length = next(lengthBytes);
    // Method 2 (bytes of another item) is not used for metadata by any writer known to us.
    if (extents > 0 && wanted.has(id) && method < 2) found.set(id, { offset, length, isInIdat: method === 1 });
    at = extentsAt + extents * (indexBytes + offsetBytes + lengthBytes);
  }
  return found;
}

/** Property indices (from 1) of one item in an `ipma` box, in order; throws on damage. */
export function parseItemProperties(body: Buffer, itemId: number): number[] {
  const version = body[0] ?? 0;
  const isWide = ((body[3] ?? 0) & 1) === 1;
  const entries = Math.min(body.readUInt32BE(4), MAX_ITEMS);
  let at = 8;
  for (let i = 0; i < entries; i += 1) {
    const idBytes = version < 1 ? 2 : 4;
    const id = body.readUIntBE(at, idBytes);
    const count = body.readUInt8(at + idBytes);
    at += idBytes + 1;
    if (id === itemId) {
      return Array.from({ length: count }, (_, index) =>
        isWide ? body.readUInt16BE(at + 2 * index) & 0x7fff : body.readUInt8(at + index) & 0x7f,
      );
    }
    at += count * (isWide ? 2 : 1);
  }
  return [];
}
