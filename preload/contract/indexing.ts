// Contract of the indexing domain: bring folders up to date, and caption single files.
import { z } from 'zod';
import { localMethod, method } from './define.ts';
import { Failure } from './library.ts';

/** State of the run in hand; sent at most four times a second. `done` and `total` count photos of the folders in hand. */
export const IndexingProgress = z.object({
  phase: z.enum(['idle', 'scanning', 'reading', 'indexing']),
  done: z.number(),
  total: z.number(),
  failed: z.number(),
  photosPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
  /** The person stopped it for now. */
  paused: z.boolean(),
  /** Name of a file being worked on, else null. */
  current: z.string().nullable(),
});
export type IndexingProgress = z.infer<typeof IndexingProgress>;

export const indexing = {
  /** Scans the folders (all registered ones where none is named) and indexes until nothing is left; cancelling stops cleanly. */
  run: method(
    z.strictObject({ folderIds: z.array(z.number().int()).max(1000).default([]) }),
    z.object({
      photos: z.object({ found: z.number(), indexed: z.number(), unchanged: z.number(), failed: z.number() }),
      failures: z.array(Failure),
      seconds: z.number(),
    }),
  ),
  progress: method(z.strictObject({}), IndexingProgress),
  /** Looks through folders (all where none is named) for what changed, and works in the background; answers at once. */
  rescan: method(z.strictObject({ folderIds: z.array(z.number().int()).max(1000).default([]) }), z.object({})),
  /** Stops background work between two batches, or lets it go on. Kept over restarts. */
  setPaused: method(z.strictObject({ paused: z.boolean() }), z.object({})),
  /** Captions files without touching the library. */
  captionFiles: localMethod(
    z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000) }),
    z.object({
      captions: z.array(
        z.object({
          path: z.string(),
          caption: z.string().nullable(),
          alternatives: z.array(z.string()),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
      model: z.string(),
    }),
  ),
};
