// Measures what the store adds to the bytes of the vectors it keeps. Benchmark process.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { OpenedPack } from '../../main/inference/protocol.ts';
import { stageVersions } from '../../main/services/indexing/stage-versions.ts';
import { fillLibrary, randomSeeds } from './synthetic-library.ts';

export interface StorageResult {
  readonly rows: number;
  readonly dim: number;
  readonly payloadBytes: number;
  readonly tableBytes: number;
  /** The table alone; its indexes and the log are counted in `withIndexesRatio`. */
  readonly ratio: number;
  readonly withIndexesRatio: number;
}

/** Writes rows through the library's own methods, and asks SQLite what pages they take. */
export async function measureVectorStorage(rows: number, dim: number): Promise<StorageResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'photoseek-bench-vectors-'));
  try {
    const ids = {
      imageModelId: 'bench@1/image',
      sentenceModelId: 'bench@1/sentence',
      captionModelId: 'bench@1/caption',
    };
    const wanted = stageVersions({ ...ids, pipelineVersion: 1 } as OpenedPack);
    // Two kinds of vector for each photo, so half as many photos.
    await fillLibrary(folder, { count: rows / 2, seeds: randomSeeds(dim, dim), wanted, ids });
    const file = new Database(path.join(folder, 'library.db'), { readonly: true });
    const bytesOf = file
      .prepare<[string], number>('SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?')
      .pluck();
    const sizes = [
      'vectors',
      'sqlite_autoindex_vectors_1',
      'vectors_by_space',
      'vec_log',
      'sqlite_autoindex_vec_log_1',
      'vec_log_by_space',
    ].map((name) => bytesOf.get(name) ?? 0);
    file.close();
    const payloadBytes = rows * dim * 4;
    const [tableBytes = 0] = sizes;
    const all = sizes.reduce((sum, size) => sum + size, 0);
    return {
      rows,
      dim,
      payloadBytes,
      tableBytes,
      ratio: tableBytes / payloadBytes,
      withIndexesRatio: all / payloadBytes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
