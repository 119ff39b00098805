// Full vectors that were read lately, so that a small library is scored without reading the store again. Runs in the search process.

/** Holds 16,000 vectors of 512: all of a small library, and the usual answers of a large one. */
const budgetBytes = 32 * 1024 * 1024;

export interface RowCache {
  /** In the order asked; null where the source has none. The rows are shared: do not write to them. */
  rows(photoIds: readonly number[]): (Float32Array | null)[];
  /** To be called for each photo whose vector changed or went. */
  forget(photoId: number): void;
  clear(): void;
  bytes(): number;
}

/** Remembers what `read` gave, oldest out first once the budget is spent. */
export function createRowCache(
  read: (photoIds: readonly number[]) => (Float32Array | null)[],
  budget: number = budgetBytes,
): RowCache {
  const kept = new Map<number, Float32Array>();
  let bytes = 0;

  function forget(photoId: number): void {
    const row = kept.get(photoId);
    if (!row) return;
    kept.delete(photoId);
    bytes -= row.byteLength;
  }

  function keep(photoId: number, row: Float32Array): void {
    forget(photoId);
    kept.set(photoId, row);
    bytes += row.byteLength;
  }

  function trim(): void {
    for (const photoId of kept.keys()) {
      if (bytes <= budget) return;
      forget(photoId);
    }
  }

  return {
    forget,
    clear() {
      kept.clear();
      bytes = 0;
    },
    bytes: () => bytes,
    rows(photoIds) {
      const missing = photoIds.filter((photoId) => !kept.has(photoId));
      const fresh = new Map(missing.length === 0 ? [] : read(missing).map((row, i) => [missing[i] as number, row]));
      for (const [photoId, row] of fresh) if (row) keep(photoId, row);
      const found = photoIds.map((photoId) => kept.get(photoId) ?? null);
      trim();
      return found;
    },
  };
}
