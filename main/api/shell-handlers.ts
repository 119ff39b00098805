// Handlers of the shell domain: what this installation and its host are and can do. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { examine } from '../services/doctor/doctor-service.ts';
import type { HandlerParts } from './handler-parts.ts';
import { unsupported } from './unsupported.ts';

export function shellHandlers(parts: HandlerParts): PhotosHandlers['shell'] {
  return {
    doctor: () => examine(parts),
    capabilities: unsupported,
    banners: unsupported,
    act: unsupported,
    pickFolder: unsupported,
    places: unsupported,
    reveal: unsupported,
  };
}
