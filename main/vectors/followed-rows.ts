// The int8 rows of one kind and model, in step with the store's log, begun from a side file where there is one. Runs in the search process.
import type { VectorKind } from '../library-db/library-rows.ts';
import { AppError } from '../platform/app-error.ts';
import { createInt8Matrix, type Int8Matrix } from './int8-matrix.ts';
import type { Kernel } from './kernel/load-kernel.ts';
import { maxDim } from './quantise.ts';
import type { HeldRows, RowsKeeper } from './side-index/rows-keeper.ts';
import { latestKept } from './side-index/spot-check.ts';
import { firstCursor, type VectorCursor, type VectorSource } from './vector-source.ts';

/** Rows per answer of the store while following it; bounds the memory of one step to 8 MiB at 512 dimensions. */
const followRows = 4096;

export interface FollowedRows {
  /** Undefined where no vector was ever delivered. */
  matrix(): Int8Matrix | undefined;
  /** Takes in all that was committed before the call. */
  follow(): void;
  /** Begins from what `keeper` saved, where the store agrees with it; never rejects. To be called once, before anything else. */
  openFrom(keeper: RowsKeeper): Promise<void>;
  /** True where the rows were read from their side file. */
  isFromFile(): boolean;
}

export interface RowEars {
  /** A photo's vector is new, changed or gone. */
  onChange(photoId: number): void;
  /** Nothing that was known of the library holds any more. */
  onForget(): void;
}

export function createFollowedRows(
  kernel: Kernel,
  source: VectorSource,
  id: { readonly kind: VectorKind; readonly modelId: string },
  ears: RowEars,
): FollowedRows {
  let matrix: Int8Matrix | undefined;
  let cursor: VectorCursor = firstCursor;
  let latest: number[] = [];
  let changes = 0;
  let keeper: RowsKeeper | undefined;
  let isFromFile = false;

  function take(photoIds: Float64Array, data: Float32Array, dim: number): void {
    if (photoIds.length === 0) return;
    if (matrix && matrix.dim !== dim) throw mismatch(`stored vectors of ${dim} and ${matrix.dim} numbers`, id.modelId);
    if (dim > maxDim) throw mismatch(`vectors of ${dim} numbers (at most ${maxDim} are supported)`, id.modelId);
    matrix ??= createInt8Matrix(kernel, dim);
    for (const [i, photoId] of photoIds.entries()) {
      matrix.set(photoId, data.subarray(i * dim, (i + 1) * dim));
      ears.onChange(photoId);
    }
    const newest = Array.from(photoIds.subarray(-latestKept)).reverse();
    latest = [...new Set([...newest, ...latest])].slice(0, latestKept);
    changes += photoIds.length;
  }

  function drop(photoIds: Float64Array): void {
    for (const photoId of photoIds) {
      matrix?.remove(photoId);
      ears.onChange(photoId);
    }
    changes += photoIds.length;
  }

  function forgetAll(): void {
    matrix = undefined;
    cursor = firstCursor;
    latest = [];
    isFromFile = false;
    ears.onForget();
  }

  function follow(): void {
    const lastSeq = source.lastSeq();
    if (cursor !== firstCursor && cursor.seq === lastSeq) return;
    // The log went back: the library was replaced by an older copy, and nothing held is known to be in it.
    if (lastSeq < cursor.seq) forgetAll();
    for (let more = true; more; ) {
      const step = source.changesSince(id.kind, id.modelId, cursor, followRows);
      drop(step.removed);
      drop(step.damaged);
      take(step.photoIds, step.data, step.dim);
      ({ cursor, more } = step);
    }
    keeper?.touched(held);
  }

  /** Nothing before the first reading is through. */
  const held = (): HeldRows | null => (matrix && cursor.after < 0 ? { matrix, cursor, latest, changes } : null);

  /** Loaded rows that cannot be compared with the store are not believed; whoever follows next reads it, and says what is wrong with it. */
  async function isBelieved(saved: RowsKeeper): Promise<boolean> {
    try {
      follow();
      const now = held();
      return now !== null && (await saved.verify(now)) === null;
    } catch {
      return false;
    }
  }

  return {
    matrix: () => matrix,
    follow,
    isFromFile: () => isFromFile,
    async openFrom(saved) {
      keeper = saved;
      const loaded = await saved.load().catch(() => null);
      if (!loaded) return;
      ({ matrix, cursor } = loaded);
      latest = [...loaded.latest];
      isFromFile = true;
      if (!(await isBelieved(saved))) forgetAll();
    },
  };
}

export function mismatch(what: string, modelId: string): AppError {
  return new AppError('model/shape', `Search met ${what} (${modelId}); index the library again with this model.`);
}
