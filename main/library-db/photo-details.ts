// Puts together what is known of one photo. Library thread.
import type { ErrorCode } from '../../preload/contract/errors.ts';
import type { CaptionRow, PhotoDetails, VectorKind } from './library-rows.ts';
import type { OpenStore } from './open-store.ts';
import { toFacts } from './photo-facts.ts';

/** Null for an id that is no photo's. @param photoPath the file that the answer is about. */
export function detailsOf(store: OpenStore, photoId: number, photoPath: string): PhotoDetails | null {
  const columns = store.photos.facts(photoId);
  if (!columns) return null;
  const failure = store.reports.photoFailure(photoId);
  return {
    ...toFacts(columns),
    photoId,
    path: photoPath,
    caption: bestCaption(store, photoId),
    vectors: store.vectors.ofPhoto(photoId).map((vector) => ({ ...vector, kind: vector.kind as VectorKind })),
    failure: failure ? { code: failure.code as ErrorCode, message: failure.message } : null,
  };
}

function bestCaption(store: OpenStore, photoId: number): CaptionRow | null {
  const [own] = store.captions.own(photoId);
  if (own !== undefined) return { text: own, source: 'person', model: null };
  const [generated] = store.captions.generated(photoId);
  return generated ? { text: generated.text, source: 'model', model: generated.model } : null;
}
