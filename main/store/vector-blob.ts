// Vectors as stored bytes: little-endian float32 with a CRC-32, since SQLite itself does not notice a flipped bit. Library thread and search process.
import { crc32 } from 'node:zlib';

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The stored form; may share memory with `data`. */
export function toBlob(data: Float32Array): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return hostIsLittleEndian ? bytes : Buffer.from(bytes).swap32();
}

export function checksum(blob: Buffer): number {
  return crc32(blob);
}

/** Writes the stored vector into `target` at `offset` (counted in floats). */
export function readInto(target: Float32Array, offset: number, blob: Buffer): void {
  const bytes = hostIsLittleEndian ? blob : Buffer.from(blob).swap32();
  new Uint8Array(target.buffer, target.byteOffset + offset * 4, blob.length).set(bytes);
}
