// Keeps two Photoseeks from fetching the same pack into the same folder: a small file with the owner's process number. Shell process.
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '../errors.ts';

/** Its owner touches the file far more often; one older than this was left behind, whoever has the number by now. */
const staleAfterMs = 60_000;
const touchEveryMs = 15_000;

/**
 * @param folder exists. @returns a function that gives the folder free again.
 * @throws ModelError `model/missing` where another live process has it.
 */
export function lockDownload(folder: string, packId: string): () => void {
  const path = join(folder, 'owner');
  if (!take(path)) {
    if (isHeld(path)) {
      throw new ModelError(
        'model/missing',
        `Another Photoseek is fetching pack ${packId}; wait until it has finished.`,
      );
    }
    rmSync(path, { force: true });
    if (!take(path)) throw new ModelError('model/missing', `Another Photoseek has just begun to fetch pack ${packId}.`);
  }
  const touching = setInterval(() => touch(path), touchEveryMs);
  touching.unref();
  return () => {
    clearInterval(touching);
    rmSync(path, { force: true });
  };
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new ModelError('model/missing', 'The models folder cannot be written to; check its permissions.', {
      cause: error,
    });
  }
}

function isHeld(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return pid !== process.pid && Date.now() - statSync(path).mtimeMs < staleAfterMs && isAlive(pid);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another person is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The folder was deleted under the download, which fails by itself.
  }
}
