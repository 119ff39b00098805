// Tells camera raw files from TIFF pictures: both are TIFF containers, and a raw one would decode to its tiny preview. Inference process; pure.

const tagCompression = 259;
const tagPhotometric = 262;
const tagSubIfds = 330;
const tagDngVersion = 50706;

/** Colour filter array and linear raw, in the photometric tag. */
const rawPhotometrics = new Set([32803, 34892]);
/** Sony, Nikon, Pentax and Samsung raw compressions. */
const rawCompressions = new Set([32767, 32770, 34713, 65535]);

/** A raw file has few directories; a longer chain is a trap. */
const maxDirectories = 32;
const maxEntries = 512;

/** True where any directory near the top holds sensor data. Nonsense offsets end the walk: the decoder will say what is wrong. */
export function isRawTiff(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  if (bytes.length < 8 || view.getUint16(2, little) !== 42) return false;
  const queue = [view.getUint32(4, little)];
  const seen = new Set<number>();
  while (queue.length > 0 && seen.size < maxDirectories) {
    const offset = queue.shift() as number;
    if (seen.has(offset) || offset < 8 || offset + 2 > bytes.length) continue;
    seen.add(offset);
    if (readDirectory(view, offset, little, queue)) return true;
  }
  return false;
}

/** Reads one directory, adds the ones it points to, and tells whether it holds sensor data. */
function readDirectory(view: DataView, offset: number, little: boolean, queue: number[]): boolean {
  const count = Math.min(view.getUint16(offset, little), maxEntries);
  const end = offset + 2 + count * 12;
  for (let at = offset + 2; at + 12 <= Math.min(end, view.byteLength); at += 12) {
    const tag = view.getUint16(at, little);
    const value = isShort(view, at, little) ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
    if (tag === tagDngVersion) return true;
    if (tag === tagPhotometric && rawPhotometrics.has(value)) return true;
    if (tag === tagCompression && rawCompressions.has(value)) return true;
    if (tag === tagSubIfds) queue.push(...subDirectories(view, at, little));
  }
  if (end + 4 <= view.byteLength) queue.push(view.getUint32(end, little));
  return false;
}

function isShort(view: DataView, at: number, little: boolean): boolean {
  return view.getUint16(at + 2, little) === 3;
}

function subDirectories(view: DataView, at: number, little: boolean): number[] {
  const count = Math.min(view.getUint32(at + 4, little), maxDirectories);
  const first = view.getUint32(at + 8, little);
  if (count <= 1) return [first];
  const offsets: number[] = [];
  for (let i = 0; i < count && first + i * 4 + 4 <= view.byteLength; i += 1)
    offsets.push(view.getUint32(first + i * 4, little));
  return offsets;
}
