// What the models service asks of the packs on disk; `native-models/files/pack-store.ts` does it. Types only.

export interface PackOnDisk {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly notice: string;
  readonly bytes: number;
  /** Null where it is not installed; empty where its manifest cannot be read. */
  readonly revision: string | null;
  /** Why it cannot be used, or not be fetched; else null. */
  readonly problem: string | null;
  readonly isRemovable: boolean;
}

export interface FetchProgress {
  readonly phase: 'fetching' | 'verifying';
  readonly doneBytes: number;
}

/** Its errors are `ModelError`s: an own code and one line to show. */
export interface PackFiles {
  list(): Promise<PackOnDisk[]>;
  offeredBytes(packId: string): Promise<number>;
  unfinished(): Promise<{ packId: string; doneBytes: number; totalBytes: number }[]>;
  fetch(packId: string, call: { signal: AbortSignal; onProgress(progress: FetchProgress): void }): Promise<void>;
  publish(packId: string): Promise<void>;
  discardFetched(packId: string): Promise<void>;
  remove(packId: string): Promise<void>;
}
