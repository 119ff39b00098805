// Finds IPTC records inside Photoshop image resources, as JPEG, TIFF and PNG embed them (inference child process).
import { addIptc, type Container } from './container.ts';

const IPTC_RESOURCE = 0x0404;

/** Adds each IPTC record of an `8BIM` resource list; stops silently where the list ends or is damaged. */
export function findIptcInPhotoshop(resources: Buffer, into: Container): void {
  let at = 0;
  while (at + 12 <= resources.length && resources.toString('latin1', at, at + 4) === '8BIM') {
    const id = resources.readUInt16BE(at + 4);
    // The name is a Pascal string, its length byte included in the padding to an even size.
    const nameLength = ((resources[at + 6] ?? 0) + 2) & ~1;
    const sizeAt = at + 6 + nameLength;
    if (sizeAt + 4 > resources.length) return;
    const size = resources.readUInt32BE(sizeAt);
    if (id === IPTC_RESOURCE) addIptc(into, resources.subarray(sizeAt + 4, sizeAt + 4 + size));
    at = sizeAt + 4 + size + (size & 1);
  }
}
