// What an evaluation needs of the temporary library it measures. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { IndexingService } from '../indexing/indexing-service.ts';
import type { SearchUseCase } from '../search/search-use-case.ts';

export interface MeasuredLibrary {
  readonly db: LibraryDb;
  readonly indexing: IndexingService;
  readonly search: SearchUseCase;
  /** Closes the library and deletes its folder. */
  close(): Promise<void>;
}

/** @param names the photos to measure, file names inside `images` (absolute, real path). */
export type OpenMeasuredLibrary = (images: string, names: readonly string[]) => Promise<MeasuredLibrary>;
