// What the application tells an interface without being asked: the state of a topic, never a command. Used by every process.
import { z } from 'zod';
import { IndexingProgress } from './indexing.ts';
import { PackDownload } from './models.ts';
import { Banner } from './shell.ts';

/**
 * Topics and the state each carries. A peer that missed some gets the newest alone; `indexing` is sent at most four times a second. The `get` method
 * that answers the same state is named beside each: a client calls it after a gap in `seq` or a reconnect.
 */
export const events = {
  /** `library.revision`: rises with every change that a gallery shows (photos added, gone, re-dated; favourites, captions, thumbnails, folders). */
  'library.changed': z.object({ revision: z.number().int() }),
  /** `indexing.progress` */
  'indexing.progress': IndexingProgress,
  /** `shell.banners` */
  'shell.banners': z.object({ banners: z.array(Banner) }),
  /** `models.downloads` */
  'models.downloads': z.object({ downloads: z.array(PackDownload) }),
} as const;

export type EventName = keyof typeof events;
export type EventData<Name extends EventName> = z.output<(typeof events)[Name]>;
