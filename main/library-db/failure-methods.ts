// The part of a library that lists failures and does what a person says about them. Library thread.
import type { ErrorCode } from '../../preload/contract/errors.ts';
import { reading, writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import { absolutePath, type OpenStore } from './open-store.ts';

type FailureMethods = Pick<LibraryDb, 'failureViews' | 'retryFiles' | 'ignoreFiles'>;

export function failureMethods({ library, failures, poisons }: OpenStore): FailureMethods {
  return {
    failureViews: async ({ limit }) =>
      reading(library, () => ({
        failures: failures.list(limit).map(({ fileId, photoId, folderPath, relPath, code, message }) => ({
          fileId,
          photoId,
          path: absolutePath(folderPath, relPath),
          code: code as ErrorCode,
          message,
        })),
        total: failures.countByFolder().reduce((sum, folder) => sum + folder.failed, 0),
      })),
    retryFiles: async ({ fileIds }) =>
      writing(library, () => {
        poisons.pardon(fileIds);
        failures.retry(fileIds);
      }),
    ignoreFiles: async ({ fileIds, ignored }) => writing(library, () => failures.ignore(fileIds, ignored)),
  };
}
