// Which methods a library has and which of them write: the table that guards readers and that is served across threads. Any process.
import type { LibraryDb } from './library-db.ts';

const kinds: Readonly<Record<Exclude<keyof LibraryDb, 'close'>, 'reads' | 'writes'>> = {
  registerFolder: 'writes',
  listFolders: 'reads',
  folderViews: 'reads',
  removeFolder: 'writes',
  restoreFolder: 'writes',
  setExclude: 'writes',
  settleFolders: 'writes',
  setOffline: 'writes',
  settleVanished: 'writes',
  beginScan: 'writes',
  applyScan: 'writes',
  finishScan: 'writes',
  retryPassing: 'writes',
  useDecoder: 'writes',
  claimFiles: 'writes',
  identifyFiles: 'writes',
  failFiles: 'writes',
  strikeFiles: 'writes',
  claimPhotos: 'writes',
  completePhotos: 'writes',
  failPhotos: 'writes',
  strikePhotos: 'writes',
  releaseClaims: 'writes',
  nextRetryAt: 'reads',
  counts: 'reads',
  failures: 'reads',
  folderOutcome: 'reads',
  revision: 'reads',
  timelineColumns: 'reads',
  photoCells: 'reads',
  photoView: 'reads',
  photoFile: 'reads',
  setFavourite: 'writes',
  failureViews: 'reads',
  retryFiles: 'writes',
  ignoreFiles: 'writes',
  readSettings: 'reads',
  writeSettings: 'writes',
  vectorOf: 'reads',
  thumbnailsWithoutColour: 'reads',
  setColours: 'writes',
  photoByPath: 'reads',
  summaries: 'reads',
  thumbnail: 'reads',
  setOwnCaptions: 'writes',
  searchWords: 'reads',
  wordMatches: 'reads',
  photosWhere: 'reads',
  newestWhere: 'reads',
  vocabulary: 'reads',
  photosToPlace: 'reads',
  setPlaces: 'writes',
  health: 'reads',
  backUp: 'writes',
  verify: 'writes',
  ownData: 'reads',
  restore: 'writes',
  care: 'reads',
};

/** Every method but `close`, whose meaning is the opener's. */
export type LibraryMethod = keyof typeof kinds;

export const libraryMethods = Object.keys(kinds) as readonly LibraryMethod[];

export function writes(method: LibraryMethod): boolean {
  return kinds[method] === 'writes';
}
