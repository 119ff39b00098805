// Contract of the library domain: folders, counts, and the facts of one photo.
import { z } from 'zod';
import { localMethod, method } from './define.ts';

export const Failure = z.object({ path: z.string(), code: z.string(), message: z.string() });

/** Everything known of one photo; absent facts are null. `takenAt` is local ISO time without zone. */
export const PhotoReport = z.object({
  path: z.string(),
  sha256: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  takenAt: z.string().nullable(),
  offset: z.string().nullable(),
  gps: z.object({ lat: z.number(), lon: z.number() }).nullable(),
  camera: z.object({ make: z.string().nullable(), model: z.string().nullable(), lens: z.string().nullable() }),
  exposure: z.object({
    timeSeconds: z.number().nullable(),
    fNumber: z.number().nullable(),
    iso: z.number().nullable(),
    focalLengthMm: z.number().nullable(),
  }),
  orientation: z.number().nullable(),
  rating: z.number().nullable(),
  keywords: z.array(z.string()),
  title: z.string().nullable(),
  description: z.string().nullable(),
  caption: z.object({ text: z.string(), source: z.enum(['person', 'model']), model: z.string().nullable() }).nullable(),
  vectors: z.array(z.object({ kind: z.string(), model: z.string(), dim: z.number() })),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export const LibraryStatus = z.object({
  library: z.string(),
  mode: z.enum(['owner', 'reader']),
  folders: z.array(
    z.object({
      path: z.string(),
      files: z.number(),
      missing: z.number(),
      state: z.enum(['online', 'offline']),
    }),
  ),
  photos: z.number(),
  indexed: z.number(),
  pending: z.number(),
  failed: z.number(),
  pendingByStage: z.object({ look: z.number(), caption: z.number(), own: z.number() }),
  failures: z.array(Failure),
});

export const library = {
  /** Registers folders, all or none: a folder that cannot be registered leaves the others out too. */
  addFolders: localMethod(
    z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(1000) }),
    z.object({ folders: z.array(z.object({ id: z.number(), path: z.string(), known: z.boolean() })) }),
  ),
  status: method(z.strictObject({ failureLimit: z.number().int().min(0).max(10_000).default(100) }), LibraryStatus),
  showPhoto: localMethod(z.strictObject({ path: z.string().min(1).max(4096) }), PhotoReport),
};
