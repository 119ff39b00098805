// Which folders are watched, and which folder an event speaks of. Pure; watcher thread.
import { compilePatterns, type PatternOptions, systemPatternOptions } from '../platform/path-patterns.ts';
import { isSkippedFolder, mayBePhoto } from './file-kinds.ts';

export interface WatchedPaths {
  /** Whether this folder is looked into; its parents are asked about before it. */
  entersFolder(relDir: string): boolean;
  /**
   * The folder to look into after an event about `name` in `relDir`; undefined where a walk would pass over it.
   *
   * @param name what the event names, null where the system did not say.
   * @param isRename something appeared or went; else something changed in place.
   */
  folderOfEvent(relDir: string, name: string | null, isRename: boolean): string | undefined;
}

export function watchedPaths(
  exclude: readonly string[],
  options: PatternOptions = systemPatternOptions(),
): WatchedPaths {
  const patterns = compilePatterns(exclude, options);

  function entersFolder(relDir: string): boolean {
    if (relDir === '') return true;
    const name = relDir.slice(relDir.lastIndexOf('/') + 1);
    return !isSkippedFolder(name) && (patterns.isEmpty || !patterns.excludes(relDir, true));
  }

  return {
    entersFolder,
    folderOfEvent(relDir, name, isRename) {
      if (name === null) return relDir;
      const path = relDir === '' ? name : `${relDir}/${name}`;
      // What it is cannot be told any more where it went: it is of no interest only if it is neither as a folder nor as a file.
      const isNoFolder = !entersFolder(path);
      const isNoPhoto = !mayBePhoto(name) || (!patterns.isEmpty && patterns.excludes(path, false));
      return isNoPhoto && (isNoFolder || !isRename) ? undefined : relDir;
    },
  };
}
