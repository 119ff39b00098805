// Keeps where the window was, in a small file beside Chromium's own. Desktop main process.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readWindowState, type WindowState } from '../platform/window-bounds.ts';

export interface WindowStateFile {
  read(): WindowState | null;
  /** Synchronous: it is called when the window closes. A failure only costs the place of the window. */
  write(state: WindowState): void;
}

export function windowStateFile(path: string): WindowStateFile {
  return {
    read() {
      try {
        return readWindowState(readFileSync(path, 'utf8'));
      } catch {
        return null;
      }
    },
    write(state) {
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(`${path}.new`, JSON.stringify(state));
        renameSync(`${path}.new`, path);
      } catch {
        // See the doc comment: nothing else is lost.
      }
    },
  };
}
