// The use-cases on files that could not be read: list them, try again, leave them out of the list. Shell process.
import { basename } from 'node:path';
import type { FileFailureView } from '../../../preload/contract/library.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { BackgroundWork } from './background-work.ts';

export interface FailureService {
  failures(input: { limit: number }): Promise<{ failures: FileFailureView[]; total: number }>;
  retryFailures(input: { fileIds: readonly number[] }): Promise<Record<string, never>>;
  ignoreFailures(input: { fileIds: readonly number[]; ignored: boolean }): Promise<Record<string, never>>;
}

export function createFailureService(parts: {
  readonly db: Pick<LibraryDb, 'failureViews' | 'retryFiles' | 'ignoreFiles'>;
  readonly background: BackgroundWork | null;
}): FailureService {
  const { db, background } = parts;
  return {
    async failures({ limit }) {
      const { failures, total } = await db.failureViews({ limit });
      return { failures: failures.map((file) => ({ ...file, name: basename(file.path) })), total };
    },
    async retryFailures({ fileIds }) {
      await db.retryFiles({ fileIds });
      background?.wake();
      return {};
    },
    async ignoreFailures({ fileIds, ignored }) {
      await db.ignoreFiles({ fileIds, ignored });
      return {};
    },
  };
}
