// What the desktop can do for the person: folder dialog, file manager, dropped folders, photos dragged out. Desktop main process.
import { realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { PlaceView } from '../../preload/contract/desktop.ts';
import { desktopTexts } from '../platform/desktop-texts.ts';
import type { HostCapabilities, WindowPorts } from '../platform/host-ports.ts';
import type { PlaceBook } from '../platform/place-book.ts';
import type { DesktopApplication } from './desktop-application.ts';
import type { ElectronApi, ElectronContents } from './electron-api.ts';

export function desktopCapabilities(platform: NodeJS.Platform): HostCapabilities {
  return {
    pickFolder: 'native',
    reveal: true,
    drag: true,
    // Electron knows no way to be started at login that all Linux desktops share.
    openAtLogin: platform !== 'linux',
    tray: true,
  };
}

export function desktopPorts(
  { dialog, shell }: Pick<ElectronApi, 'dialog' | 'shell'>,
  platform: NodeJS.Platform,
  places: PlaceBook,
): WindowPorts {
  return {
    capabilities: desktopCapabilities(platform),
    places,
    listPlaces: null,
    async pickFolder() {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        title: desktopTexts.pickFolder.title,
        buttonLabel: desktopTexts.pickFolder.button,
        properties: ['openDirectory'],
      });
      const [path] = filePaths;
      return canceled || path === undefined ? null : placeAt(places, path);
    },
    reveal: async (path) => shell.showItemInFolder(path),
  };
}

function placeAt(places: PlaceBook, path: string): PlaceView {
  return { placeId: places.name(path), name: basename(path) || path, path, addable: true };
}

/** The place of a dropped folder; null for a file, or what is no longer there. */
export async function droppedPlace(places: PlaceBook, path: string): Promise<PlaceView | null> {
  if (!isAbsolute(path)) return null;
  const real = await realpath(path).catch(() => null);
  if (real === null || !(await stat(real)).isDirectory()) return null;
  return placeAt(places, real);
}

/** Starts the system's drag of the photos' files; those whose file is missing are left out. */
export async function dragPhotos(
  application: DesktopApplication,
  contents: ElectronContents,
  photoIds: readonly number[],
  icon: string,
): Promise<void> {
  const signal = new AbortController().signal;
  const found = await Promise.all(
    photoIds.map((photoId) => application.handlers.library.photo({ photoId }, { signal }).catch(() => null)),
  );
  const files = found.flatMap((photo) => (photo && !photo.missing ? [photo.path] : []));
  const [file] = files;
  if (file !== undefined && !contents.isDestroyed()) contents.startDrag({ file, files, icon });
}
