// Compares paths by segments: a bare prefix would take a sibling `photos2` for part of `photos`. Any process.
import { isAbsolute, relative, sep } from 'node:path';

/** True where `path` is `folder` or lies below it. Both absolute and real. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
