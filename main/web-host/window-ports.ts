// What a browser on the same computer can do for the person in front of it, and how. Web host.
import type { WindowPorts } from '../platform/host-ports.ts';
import { createPlaceBook } from '../platform/place-book.ts';
import { hasDesktop, revealFile } from './desktop.ts';
import { createFolderList } from './folder-list.ts';
import { startingPoints, type Whereabouts } from './starting-points.ts';

export function webWindowPorts(where: Whereabouts): WindowPorts {
  const places = createPlaceBook();
  const reveal = hasDesktop(where.platform, where.environment);
  return {
    capabilities: { pickFolder: 'browse', reveal, drag: false, openAtLogin: false, tray: false },
    places,
    listPlaces: createFolderList({ places, startingPoints: () => startingPoints(where) }),
    pickFolder: null,
    reveal: reveal ? (path) => revealFile(where.platform, path) : null,
  };
}
