// Facts of made-up photos. Test processes.
import { createHash } from 'node:crypto';
import type { PhotoFacts } from '../../main/library-db/library-rows.ts';

/** Facts of a photo whose bytes are `content`; all else absent. */
export function factsOf(content: string, facts: Partial<PhotoFacts> = {}): PhotoFacts {
  return {
    sha256: createHash('sha256').update(content).digest('hex'),
    sizeBytes: content.length,
    format: 'jpeg',
    width: 40,
    height: 30,
    takenAt: null,
    offset: null,
    gps: null,
    camera: { make: null, model: null, lens: null },
    exposure: { timeSeconds: null, fNumber: null, iso: null, focalLengthMm: null },
    orientation: null,
    rating: null,
    keywords: [],
    title: null,
    description: null,
    ...facts,
  };
}
