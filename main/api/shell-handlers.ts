// Handlers of the shell domain: what this installation and its host are and can do. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { examine } from '../services/doctor/doctor-service.ts';
import type { HandlerParts } from './handler-parts.ts';
import { unsupported } from './unsupported.ts';

/** @param folders looks at the folders, so that there is something to tell of them. */
export function shellHandlers(
  parts: HandlerParts,
  folders: PhotosHandlers['library']['folders'],
): PhotosHandlers['shell'] {
  const { shell, window } = parts;
  return {
    async doctor(_input, context) {
      await folders({}, context);
      return examine({ ...parts, notices: () => shell.banners().map(({ text }) => text) });
    },
    capabilities: () => shell.capabilities(),
    async banners(_input, context) {
      // A library that cannot be asked is what the others tell of.
      await folders({}, context).catch(() => undefined);
      return { banners: shell.banners() };
    },
    act: async ({ action }) => {
      shell.act(action);
      return {};
    },
    pickFolder: window?.pickFolder ? async () => ({ place: (await window.pickFolder?.()) ?? null }) : unsupported,
    places: ({ placeId }) => window?.listPlaces?.(placeId) ?? unsupported(),
    reveal: async ({ photoId }) => {
      await shell.reveal(photoId);
      return {};
    },
  };
}
