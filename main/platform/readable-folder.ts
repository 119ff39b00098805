// Whether a path that a person named is a folder that can be read. Every process of main.
import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from './app-error.ts';

/** @returns the folder's real path. @throws AppError `fs/*` or `library/empty-folder`, saying what to do. */
export async function readableFolder(path: string): Promise<string> {
  let real: string;
  try {
    real = await realpath(resolve(path));
    if (!(await stat(real)).isDirectory()) {
      throw new AppError('fs/not-a-folder', `${path} is a file; name the folder that holds it`);
    }
    await access(real, constants.R_OK | constants.X_OK);
    if ((await readdir(real)).length === 0) {
      throw new AppError('library/empty-folder', `${path} is empty; put photos into it first, or name another folder`);
    }
    return real;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new AppError('fs/denied', `${path} may not be read; give yourself permission to read it`, { cause: error });
    }
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') {
      throw new AppError('fs/missing', `${path} does not exist; check the spelling, or plug in its drive`, {
        cause: error,
      });
    }
    throw new AppError('fs/unreadable', `${path} could not be read (${code ?? 'unknown error'})`, { cause: error });
  }
}
