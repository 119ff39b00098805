// Folders and files that last as long as a test. Test processes.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder holding these files (each with its own path as content), removed when the test ends. @returns its real path. */
export function folderOf(names: readonly string[] = []): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'photoseek-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  return folder;
}
