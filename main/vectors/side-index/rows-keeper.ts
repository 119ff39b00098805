// Saves the int8 matrix of a large library when it has been at rest, and gives it back at the next start. Runs in the search process.
import type { VectorKind } from '../../library-db/library-rows.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Int8Matrix } from '../int8-matrix.ts';
import type { VectorCursor, VectorSource } from '../vector-source.ts';
import type { SideIdentity } from './manifest.ts';
import { readRows, rowsFileBytes, writeRows } from './rows-file.ts';
import type { SideStore } from './side-store.ts';
import { disagreement } from './spot-check.ts';

/** Milliseconds without a change before a save. */
const usualQuiet = 2_000;
/** A matrix that is this share ahead of its file is worth a save. */
const saveShare = 0.05;

/** What a space holds at one moment. */
export interface HeldRows {
  readonly matrix: Int8Matrix;
  readonly cursor: VectorCursor;
  /** Photos set last, newest first. */
  readonly latest: readonly number[];
  /** Changes since the space was made. */
  readonly changes: number;
}

export interface RowsKeeper {
  /** The saved matrix and how far it has come; null where there is none that can be believed. */
  load(): Promise<Pick<HeldRows, 'matrix' | 'cursor' | 'latest'> | null>;
  /** What speaks against loaded rows that have been brought up to date; they are then removed. */
  verify(held: HeldRows): Promise<string | null>;
  /** To be called after changes: saves what `held` gives, later, where that is worth it. */
  touched(held: () => HeldRows | null): void;
  close(): void;
}

export interface RowsKeeperOptions {
  readonly source: VectorSource;
  readonly id: { readonly kind: VectorKind; readonly modelId: string };
  readonly store: SideStore;
  /** Fewer rows than this are read from the store quickly enough. */
  readonly from: number;
  readonly clock: Clock;
  /** Milliseconds without a change before a save. */
  readonly quiet?: number;
  readonly newMatrix: (dim: number) => Int8Matrix;
}

export function createRowsKeeper(options: RowsKeeperOptions): RowsKeeper {
  const { source, id, store, from, clock, quiet = usualQuiet, newMatrix } = options;
  let savedChanges: number | undefined;
  let saving = false;
  let stopTimer = (): void => undefined;
  const identityOf = (dim: number): SideIdentity => ({
    structure: 'rows',
    kind: id.kind,
    modelId: id.modelId,
    dim,
    metric: 'int8',
    links: 0,
  });

  async function save({ matrix, cursor, latest, changes }: HeldRows): Promise<void> {
    const photoIds = matrix.photoIds();
    const count = photoIds.length;
    const part = {
      ending: 'rows',
      write: (file: string) => writeRows(file, matrix, photoIds),
      wholeBytes: async () => rowsFileBytes(count, matrix.dim),
    };
    saving = true;
    try {
      await store.save(identityOf(matrix.dim), { count, appliedSeq: cursor.seq, latest }, [part]);
      savedChanges = changes;
    } finally {
      saving = false;
    }
  }

  const isWorthIt = ({ matrix, changes }: HeldRows): boolean =>
    matrix.rows() >= from && (savedChanges === undefined || changes - savedChanges > saveShare * matrix.rows());

  return {
    async load() {
      const dim = source.dimOf(id.kind, id.modelId);
      const proven = dim === 0 ? null : await store.load(identityOf(dim), source.lastSeq());
      const file = proven?.files['rows'];
      if (!proven || !file) return null;
      const matrix = newMatrix(dim);
      const { count, appliedSeq, latest } = proven.manifest;
      await readRows(file, matrix, count);
      savedChanges = 0;
      return { matrix, cursor: { seq: appliedSeq, after: -1 }, latest };
    },
    async verify({ matrix, latest }) {
      const reason = disagreement(checkable(matrix, newMatrix), source, id, latest);
      if (reason === null) return null;
      savedChanges = undefined;
      await store.discard(identityOf(matrix.dim)).catch(() => undefined);
      return reason;
    },
    touched(held) {
      if (!store.writes || saving) return;
      stopTimer();
      stopTimer = clock.after(quiet, () => {
        const now = held();
        // One that fails is tried again after further changes; the store has all of it.
        if (now && isWorthIt(now)) save(now).catch(() => undefined);
      });
    },
    close: () => stopTimer(),
  };
}

/** Rows are believed where they are what quantising the stored vector gives. */
function checkable(matrix: Int8Matrix, newMatrix: (dim: number) => Int8Matrix) {
  const again = newMatrix(matrix.dim);
  return {
    photos: () => matrix.rows(),
    has: (photoId: number) => matrix.has(photoId),
    finds(photoId: number, vector: Float32Array) {
      again.set(photoId, vector);
      const [held, made] = [matrix.quantised(photoId), again.quantised(photoId)];
      return held?.scale === made?.scale && held?.values.every((value, i) => value === made?.values[i]) === true;
    },
  };
}
