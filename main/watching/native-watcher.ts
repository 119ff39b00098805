// Watches a whole folder with one handle, where the system can: Windows and macOS. Watcher thread.
import { type FSWatcher, watch } from 'node:fs';
import { type OpenFolderWatcher, troubleOf } from './folder-watcher.ts';
import { watchedPaths } from './watched-paths.ts';

/** The part of `fs.watch` that is used. */
export type NativeWatch = (
  root: string,
  options: { readonly recursive: true; readonly persistent: true },
  listener: (event: 'rename' | 'change', path: string | null) => void,
) => Pick<FSWatcher, 'close'> & { on(event: 'error', listener: (error: Error) => void): unknown };

export function nativeWatchers(watchTree: NativeWatch = watch): OpenFolderWatcher {
  return ({ root, exclude }, ears) => {
    const paths = watchedPaths(exclude);
    let closed = false;
    let handle: ReturnType<NativeWatch> | undefined;

    function heard(event: 'rename' | 'change', path: string | null): void {
      if (closed) return;
      if (path === null) {
        // The system has dropped what it could not keep.
        ears.onEvent(null);
        return;
      }
      const segments = path.replaceAll('\\', '/').split('/');
      const name = segments.pop() ?? '';
      const isPassedOver = segments.some((_, at) => !paths.entersFolder(segments.slice(0, at + 1).join('/')));
      ears.onEvent(
        isPassedOver ? undefined : paths.folderOfEvent(segments.join('/'), name || null, event === 'rename'),
      );
    }

    function fail(error: Error): void {
      if (!closed) ears.onTrouble(troubleOf(error));
    }

    // Told later, as every watcher does: the caller has what it closes then.
    queueMicrotask(() => {
      if (closed) return;
      try {
        handle = watchTree(root, { recursive: true, persistent: true }, heard);
        handle.on('error', fail);
        ears.onReady();
      } catch (error) {
        fail(error as Error);
      }
    });
    return {
      close() {
        closed = true;
        handle?.close();
      },
    };
  };
}
