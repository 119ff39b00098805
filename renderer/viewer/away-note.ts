// Why the file of a photo cannot be opened now, as the viewer says it: pure. Renderer.
import type { FolderView, PhotoView } from '../../preload/contract/library.ts';
import { strings } from '../strings/strings.ts';

/** Null where it can. */
export function awayNote(
  { path, missing }: Pick<PhotoView, 'path' | 'missing'>,
  folders: readonly Pick<FolderView, 'name' | 'path' | 'state'>[],
): string | null {
  const text = strings.viewer.away;
  const folder = folders.find((one) => isBelow(path, one.path));
  if (folder?.state === 'offline') return text.offline(folder.name);
  if (folder?.state === 'emptied') return text.emptied(folder.name);
  if (folder?.state === 'error') return text.error(folder.name);
  return missing ? strings.viewer.missing : null;
}

/** Paths of either kind of system, as the host wrote them. */
function isBelow(path: string, folder: string): boolean {
  return path.startsWith(/[/\\]$/.test(folder) ? folder : folder + (folder.includes('\\') ? '\\' : '/'));
}
