// What a library held in memory consists of. Test processes.
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { Failure, PhotoFacts, PhotoResult, Stage, StoredVector } from '../../main/library-db/library-rows.ts';

type State = 'ready' | 'running' | 'waiting' | 'done' | 'failed';

export interface Work {
  state: State;
  attempts: number;
  strikes: number;
  notBefore: number;
  failure: Failure | null;
}

export interface FakeFile extends Work {
  readonly id: number;
  readonly folderId: number;
  readonly relPath: string;
  sizeBytes: number;
  mtimeMs: number;
  scanId: number;
  missing: boolean;
  photoId: number | null;
}

export interface FakePhoto {
  readonly id: number;
  readonly facts: PhotoFacts;
  readonly jobs: Map<Stage, Work & { version: string }>;
  readonly vectors: Map<string, StoredVector>;
  captions: readonly string[];
  captionModel: string | null;
  ownCaptions: readonly string[];
  thumbnail: PhotoResult['thumbnail'] | null;
}

export interface FakeLibraryDb extends LibraryDb {
  readonly files: FakeFile[];
  readonly photos: FakePhoto[];
  /** Names of the methods called, in order. */
  readonly calls: string[];
}
