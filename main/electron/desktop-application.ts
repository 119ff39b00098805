// What the window needs of the composed application. Desktop main process; types alone.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { EventHub } from '../api/event-hub.ts';
import type { Media } from '../api/media.ts';
import type { Logger } from '../platform/log.ts';

export interface DesktopApplication {
  readonly handlers: PhotosHandlers;
  readonly events: EventHub;
  readonly media: Media;
  readonly log: Logger;
  close(): Promise<void>;
}
