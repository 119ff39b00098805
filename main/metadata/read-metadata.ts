// Reads what a photo's bytes and its sidecar say about it (inference child process).
import { readContainer } from './containers/read-container.ts';
import { type ExifFacts, readExif } from './exif.ts';
import { type IptcFacts, readIptc } from './iptc.ts';
import type { PhotoMetadata } from './photo-metadata.ts';
import { cleanKeywords } from './text.ts';
import { readXmp, type XmpFacts } from './xmp.ts';
import { decodeXmp } from './xmp-document.ts';

function readBlocks<Facts>(
  blocks: Buffer[],
  read: (block: Buffer) => Facts | null,
  name: string,
  warnings: string[],
): Facts[] {
  return blocks.flatMap((block) => {
    try {
      return read(block) ?? [];
    } catch {
      warnings.push(`${name} could not be read`);
      return [];
    }
  });
}

/** The first value that any block gives. */
function pick<Facts, Key extends keyof Facts>(facts: readonly Facts[], key: Key): NonNullable<Facts[Key]> | null {
  for (const block of facts) {
    const value = block[key];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

interface Sources {
  exif: ExifFacts[];
  iptc: IptcFacts[];
  /** Embedded packets first, then the sidecar. */
  xmp: XmpFacts[];
  embedded: XmpFacts[];
  sidecar: XmpFacts | null;
}

/** EXIF first: the camera wrote it at the moment; the others are copies, and mended by hand at best. */
function pickTaken({ exif, iptc, xmp }: Sources): { takenAt: string | null; offset: string | null } {
  const taken = pick(xmp, 'taken') ?? pick(iptc, 'taken');
  const own = exif.find((block) => block.takenAt !== null);
  if (!own) return { takenAt: taken?.local ?? null, offset: taken?.offset ?? null };
  // XMP may know the zone of the same moment. "Z" is not believed: many writers put it after local time.
  const isSame = taken?.local === own.takenAt && taken?.offset !== '+00:00';
  return { takenAt: own.takenAt, offset: own.offset ?? (isSame ? (taken?.offset ?? null) : null) };
}

/**
 * What people type. The sidecar wins where it has a value: editors that leave originals alone write there, so it is the
 * newest word, also where it takes a keyword away. Within the file XMP comes before IPTC and EXIF, as editors write it
 * last; keywords are the union of all three, since each program fills its own.
 */
function pickTexts({
  exif,
  iptc,
  embedded,
  sidecar,
}: Sources): Pick<PhotoMetadata, 'rating' | 'keywords' | 'title' | 'description'> {
  const typed = sidecar ? [sidecar, ...embedded] : embedded;
  const own = [...embedded, ...iptc, ...exif].flatMap((block) => block.keywords);
  return {
    rating: pick(typed, 'rating') ?? pick(exif, 'rating'),
    keywords: cleanKeywords(sidecar && sidecar.keywords.length > 0 ? sidecar.keywords : own),
    title: pick(typed, 'title') ?? pick(iptc, 'title') ?? pick(exif, 'title'),
    description: pick(typed, 'description') ?? pick(iptc, 'description') ?? pick(exif, 'description'),
  };
}

function readSources(
  container: ReturnType<typeof readContainer>,
  sidecarXmp: string | undefined,
  warnings: string[],
): Sources {
  const embedded = readBlocks(container.xmp, (packet) => readXmp(decodeXmp(packet), warnings), 'XMP', warnings);
  const sidecar = sidecarXmp === undefined ? null : readXmp(sidecarXmp, warnings);
  return {
    exif: readBlocks(container.exif, (block) => readExif(block, warnings), 'EXIF', warnings),
    iptc: readBlocks(container.iptc, readIptc, 'IPTC', warnings),
    xmp: sidecar ? [...embedded, sidecar] : embedded,
    embedded,
    sidecar,
  };
}

/**
 * All facts of a photo. Pure; never throws: what cannot be read is `null` and leaves a line in `warnings`.
 * @param buffer the whole file (metadata may stand at its end); neither copied nor changed when it owns its memory.
 * @param sidecarXmp text of the `.xmp` file beside the photo, from `readSidecar`.
 */
export function readMetadata(buffer: Uint8Array, sidecarXmp?: string | undefined): PhotoMetadata {
  const container = readContainer(Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength));
  const warnings = [...container.warnings];
  const sources = readSources(container, sidecarXmp, warnings);
  const { exif, xmp } = sources;
  return {
    ...pickTaken(sources),
    gps: pick(exif, 'gps') ?? pick(xmp, 'gps'),
    camera: {
      make: pick(exif, 'make') ?? pick(xmp, 'make'),
      model: pick(exif, 'model') ?? pick(xmp, 'model'),
      lens: pick(exif, 'lens') ?? pick(xmp, 'lens'),
    },
    exposureTimeSeconds: pick(exif, 'exposureTimeSeconds'),
    fNumber: pick(exif, 'fNumber'),
    iso: pick(exif, 'iso'),
    focalLengthMm: pick(exif, 'focalLengthMm'),
    orientation: container.orientation ?? pick(exif, 'orientation') ?? pick(xmp, 'orientation'),
    ...pickTexts(sources),
    width: container.width,
    height: container.height,
    format: container.format,
    warnings: [...new Set(warnings)],
  };
}
