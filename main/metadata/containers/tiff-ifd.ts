// Lists the entries of TIFF directories without decoding their values (inference child process).

/** Where one entry's value lies; `bytes` may be more than the file has. */
export interface IfdEntry {
  tag: number;
  type: number;
  count: number;
  valueAt: number;
  bytes: number;
}

export interface TiffHeader {
  isLittleEndian: boolean;
  isBig: boolean;
  firstIfdAt: number;
}

/** Bytes of one value by TIFF field type (TIFF 6.0 section 2, BigTIFF for 16 to 18). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** All that a classic directory can hold: a decoder reads them all, so a guard must see them all. */
const MAX_ENTRIES = 65_535;

/** `null` where the first bytes are no TIFF header. Accepts the magic numbers that raw formats put in place of 42. */
export function parseTiffHeader(file: Buffer): TiffHeader | null {
  if (file.length < 8) return null;
  const order = file.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const isLittleEndian = order === 'II';
  const magic = isLittleEndian ? file.readUInt16LE(2) : file.readUInt16BE(2);
  if (magic === 43) {
    return file.length < 16 ? null : { isLittleEndian, isBig: true, firstIfdAt: readBig(file, 8, isLittleEndian) };
  }
  // 0x55: Panasonic RW2. 0x4F52, 0x5352: Olympus ORF.
  if (magic !== 42 && magic !== 0x55 && magic !== 0x4f52 && magic !== 0x5352) return null;
  return { isLittleEndian, isBig: false, firstIfdAt: readLong(file, 4, isLittleEndian) };
}

function readShort(file: Buffer, at: number, isLittleEndian: boolean): number {
  return isLittleEndian ? file.readUInt16LE(at) : file.readUInt16BE(at);
}

function readLong(file: Buffer, at: number, isLittleEndian: boolean): number {
  return isLittleEndian ? file.readUInt32LE(at) : file.readUInt32BE(at);
}

function readBig(file: Buffer, at: number, isLittleEndian: boolean): number {
  return Number(isLittleEndian ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
}

/** Entries of the directory at `at`; those before the end of a cut-off directory only, `[]` outside the file. */
export function listIfd(file: Buffer, header: TiffHeader, at: number): IfdEntry[] {
  const { isLittleEndian, isBig } = header;
  const countBytes = isBig ? 8 : 2;
  const entryBytes = isBig ? 20 : 12;
  if (at < 8 || at + countBytes > file.length) return [];
  const declared = isBig ? readBig(file, at, isLittleEndian) : readShort(file, at, isLittleEndian);
  const entries: IfdEntry[] = [];
  for (let i = 0; i < Math.min(declared, MAX_ENTRIES); i += 1) {
    const entryAt = at + countBytes + i * entryBytes;
    if (entryAt + entryBytes > file.length) break;
    const type = readShort(file, entryAt + 2, isLittleEndian);
    const count = isBig ? readBig(file, entryAt + 4, isLittleEndian) : readLong(file, entryAt + 4, isLittleEndian);
    const bytes = count * (TYPE_BYTES[type] ?? 0);
    const slotAt = entryAt + (isBig ? 12 : 8);
    const slot = isBig ? 8 : 4;
    const pointer = isBig ? readBig(file, slotAt, isLittleEndian) : readLong(file, slotAt, isLittleEndian);
    const valueAt = bytes <= slot ? slotAt : pointer;
    entries.push({ tag: readShort(file, entryAt, isLittleEndian), type, count, valueAt, bytes });
  }
  return entries;
}

/** The value at `index` of a SHORT, LONG, IFD or LONG8 entry, else `null`. */
export function entryNumber(file: Buffer, header: TiffHeader, entry: IfdEntry | undefined, index = 0): number | null {
  if (entry === undefined || index >= entry.count) return null;
  const width = TYPE_BYTES[entry.type] ?? 0;
  const at = entry.valueAt + index * width;
  if (at + width > file.length) return null;
  if (entry.type === 3) return readShort(file, at, header.isLittleEndian);
  if (entry.type === 4 || entry.type === 13) return readLong(file, at, header.isLittleEndian);
  if (entry.type === 16 || entry.type === 18) return readBig(file, at, header.isLittleEndian);
  return null;
}

/** The stored bytes of an entry, `null` where they reach past the file. */
export function entryBytes(file: Buffer, entry: IfdEntry | undefined): Buffer | null {
  if (entry === undefined || entry.bytes === 0 || entry.valueAt + entry.bytes > file.length) return null;
  return file.subarray(entry.valueAt, entry.valueAt + entry.bytes);
}
