// Finds size, rotation, EXIF and XMP of HEIC and AVIF files (inference child process).
import { type Box, findBox, listBoxes } from './bmff-boxes.ts';
import { addExif, addXmp, type Container, setSize } from './container.ts';
import { type ItemExtent, parseItemInfos, parseItemLocations, parseItemProperties } from './heif-items.ts';

/** EXIF orientation by quarter turns counter-clockwise (`irot`), then by mirror axis: none, 0 (`imir` top to bottom), 1. */
const ORIENTATION = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
] as const;

function readProperties(meta: readonly Box[], into: Container): void {
  const iprp = listBoxes(findBox(meta, 'iprp') ?? Buffer.alloc(0));
  const properties = listBoxes(findBox(iprp, 'ipco') ?? Buffer.alloc(0));
  const ipma = findBox(iprp, 'ipma');
  const pitm = findBox(meta, 'pitm');
  if (!ipma || !pitm) return;
  const primary = pitm[0] === 0 ? pitm.readUInt16BE(4) : pitm.readUInt32BE(4);
  const own = parseItemProperties(ipma, primary).flatMap((index) => properties[index - 1] ?? []);
  const size = findBox(own, 'ispe');
  if (size) setSize(into, size.readUInt32BE(4), size.readUInt32BE(8));
  const turns = findBox(own, 'irot');
  const mirror = findBox(own, 'imir');
  if (!turns && !mirror) return;
  const axis = mirror ? 1 + ((mirror[0] ?? 0) & 1) : 0;
  into.orientation = ORIENTATION[(turns?.[0] ?? 0) & 3]?.[axis] ?? null;
}

function extentBytes(file: Buffer, idat: Buffer | undefined, extent: ItemExtent): Buffer {
  const source = extent.isInIdat ? (idat ?? Buffer.alloc(0)) : file;
  // Length 0 means to the end.
  return source.subarray(extent.offset, extent.length === 0 ? undefined : extent.offset + extent.length);
}

function readItems(file: Buffer, meta: readonly Box[], into: Container): void {
  const iinf = findBox(meta, 'iinf');
  const iloc = findBox(meta, 'iloc');
  if (!iinf || !iloc) return;
  const infos = parseItemInfos(listBoxes(iinf.subarray(iinf[0] === 0 ? 6 : 8)));
  const isXmp = (contentType: string): boolean => contentType === 'application/rdf+xml';
  const wanted = infos.filter((info) => info.type === 'Exif' || (info.type === 'mime' && isXmp(info.contentType)));
  const places = parseItemLocations(iloc, new Set(wanted.map((info) => info.id)));
  const idat = findBox(meta, 'idat');
  for (const info of wanted) {
    const extent = places.get(info.id);
    if (!extent) continue;
    const bytes = extentBytes(file, idat, extent);
    if (info.type !== 'Exif') addXmp(into, bytes);
    // The block starts with the distance to the TIFF header (ISO/IEC 23008-12, A.2.1).
    else if (bytes.length > 4) addExif(into, bytes.subarray(4 + bytes.readUInt32BE(0)));
  }
}

/** @param boxes the file's outermost boxes. */
export function readHeif(file: Buffer, boxes: readonly Box[], into: Container): void {
  const body = findBox(boxes, 'meta');
  if (!body) return;
  const meta = listBoxes(body.subarray(4));
  try {
    readProperties(meta, into);
  } catch {
    into.warnings.push('the HEIF property tables are damaged');
  }
  readItems(file, meta, into);
}
