// Gathers what the HTML report shows of single queries: their best hits in each system, and the pictures. Shell process.

import { join } from 'node:path';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { literalQuery } from '../search/language/literal-query.ts';
import type { SearchService } from '../search/search-service.ts';
import type {
  ComparedMode,
  QueryOutcome,
  ReportHit,
  ReportPhoto,
  ReportQuery,
  ReportThumbnail,
} from './report-types.ts';

const shownHits = 5;

/** @param names photo id to file name. */
export async function toReportQueries(
  search: SearchService,
  names: ReadonlyMap<number, string>,
  outcomes: readonly QueryOutcome[],
): Promise<ReportQuery[]> {
  const queries: ReportQuery[] = [];
  for (const outcome of outcomes) {
    const top = async (mode: ComparedMode): Promise<ReportHit[]> => {
      const { hits } = await search.find({ query: literalQuery(outcome.text), mode, limit: shownHits });
      return hits.map((hit) => ({ file: names.get(hit.photoId) ?? '', score: hit.score }));
    };
    queries.push({
      ...outcome,
      top: { embedding: await top('embedding'), caption: await top('caption'), fused: await top('fused') },
    });
  }
  return queries;
}

/** Thumbnails and captions of every photo that one of the queries names. */
export async function gatherPictures(
  db: LibraryDb,
  images: string,
  photoIds: ReadonlyMap<string, number>,
  queries: readonly ReportQuery[],
): Promise<Map<string, ReportPhoto>> {
  const files = new Set(
    queries.flatMap(({ photo, top }) => [photo, ...Object.values(top).flatMap((hits) => hits.map((hit) => hit.file))]),
  );
  const photos = new Map<string, ReportPhoto>();
  for (const file of files) {
    const photoId = photoIds.get(file);
    if (photoId === undefined) continue;
    const details = await db.photoByPath({ path: join(images, file) });
    const thumbnail = await db.thumbnail({ photoId });
    photos.set(file, {
      caption: details?.caption?.text ?? null,
      captionSource: details?.caption?.source ?? 'model',
      thumbnail: thumbnail
        ? { type: `image/${thumbnail.format}` as ReportThumbnail['type'], bytes: thumbnail.bytes }
        : null,
    });
  }
  return photos;
}
