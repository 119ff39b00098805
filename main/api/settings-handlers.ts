// Handlers of the settings domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { unsupported } from './unsupported.ts';

export function settingsHandlers(): PhotosHandlers['settings'] {
  return { get: unsupported, set: unsupported };
}
