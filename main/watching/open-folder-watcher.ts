// Chooses how a folder is watched: by its directories on Linux, by one handle on Windows and macOS, by a timer alone on network drives. Watcher thread.
import { directoryWatchers } from './directory-watcher.ts';
import type { OpenFolderWatcher } from './folder-watcher.ts';
import { heldWatches } from './kernel-watches.ts';
import { nativeWatchers } from './native-watcher.ts';
import { isNetworkDrive } from './network-drive.ts';

export interface FolderWatchers {
  /** Watches by what the system has for local drives. */
  readonly watcherOf: OpenFolderWatcher;
  /** Whether nothing but a timer helps there. */
  needsTimer(root: string): Promise<boolean>;
}

export function systemWatchers(platform: NodeJS.Platform = process.platform): FolderWatchers {
  const hasTrees = platform === 'win32' || platform === 'darwin';
  return {
    watcherOf: hasTrees ? nativeWatchers() : directoryWatchers({ ledger: new Map(), heldWatches }),
    needsTimer: (root) => isNetworkDrive(root, platform),
  };
}
