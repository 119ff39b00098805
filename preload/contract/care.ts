// Contract of the care domain: backups, a look at everything that is stored, the person's own data as text. The command line's alone: it takes and gives paths.
import { z } from 'zod';
import { localMethod } from './define.ts';

/** A copy took the library's place. Times are epoch milliseconds. */
export const Restoration = z.object({
  restoredAt: z.number(),
  /** Null where there was none and the library began anew. */
  backup: z.string().nullable(),
  backupAt: z.number().nullable(),
  /** Where the replaced file is kept, below the library's folder. */
  aside: z.string().nullable(),
});

export const care = {
  /** Makes a backup now and proves it. */
  backUp: localMethod(z.strictObject({}), z.object({ file: z.string(), takenAt: z.number(), sizeMb: z.number() })),
  /** Looks at everything and mends what it can. Lines are for a person. */
  verify: localMethod(
    z.strictObject({}),
    z.object({
      checked: z.object({ rows: z.number(), vectors: z.number(), thumbnails: z.number() }),
      problems: z.array(z.string()),
      repaired: z.array(z.string()),
      lost: z.array(z.string()),
      left: z.array(z.string()),
    }),
  ),
  /** Puts a copy of the library in its place; the newest sound backup where none is named. */
  restore: localMethod(
    z.strictObject({ from: z.string().min(1).max(4096).nullable().default(null) }),
    z.object({ restored: Restoration }),
  ),
  /** Captions, favourites, folders, settings and ignored failures of the person's as lines of JSON. */
  exportOwn: localMethod(z.strictObject({}), z.object({ lines: z.string() })),
};
