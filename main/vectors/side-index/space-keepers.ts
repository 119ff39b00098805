// The side files of one kind and model: which of them a library of its size has, and who keeps them. Runs in the search process.
import type { VectorKind } from '../../library-db/library-rows.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { createInt8Matrix } from '../int8-matrix.ts';
import type { Kernel } from '../kernel/load-kernel.ts';
import type { GraphStatus } from '../vector-index.ts';
import type { VectorSource } from '../vector-source.ts';
import { createGraphKeeper, type GraphKeeper, type GraphPace } from './graph-keeper.ts';
import { createRowsKeeper, type RowsKeeper } from './rows-keeper.ts';
import type { SideStore } from './side-store.ts';

/** The exact scan answers as quickly below this, is never approximate and needs no building. */
export const usualGraphFrom = 300_000;
/** Smaller libraries are read from the store within a few tenths of a second. */
export const usualRowsFrom = 20_000;

export interface SideOptions {
  readonly store: SideStore;
  /** Vectors from which a graph is used; Infinity for never. */
  readonly graphFrom: number;
  /** A graph that was saved may have ended the process: it is thrown away and built anew. */
  readonly isGraphSuspect?: boolean;
  readonly rowsFrom: number;
  readonly clock?: Clock;
  readonly pace?: GraphPace;
}

export interface SpaceKeepers {
  readonly rows: RowsKeeper;
  /** The graph of a space of so many rows, begun with the first call that is over the threshold. */
  graph(dim: number, rows: number): GraphKeeper | null;
  /** Null where none was begun. */
  graphStatus(): GraphStatus | null;
  close(): Promise<void>;
}

export function createSpaceKeepers(
  kernel: Kernel,
  source: VectorSource,
  id: { readonly kind: VectorKind; readonly modelId: string },
  options: SideOptions,
): SpaceKeepers {
  const { store, graphFrom, rowsFrom, clock = systemClock, pace } = options;
  const rows = createRowsKeeper({
    source,
    id,
    store,
    from: rowsFrom,
    clock,
    ...(pace && { quiet: pace.quiet }),
    newMatrix: (dim) => createInt8Matrix(kernel, dim),
  });
  let graph: GraphKeeper | undefined;
  let latestRows = 0;
  return {
    rows,
    graph(dim, count) {
      latestRows = count;
      if (count < graphFrom) return graph ?? null;
      graph ??= createGraphKeeper({
        source,
        id,
        dim,
        expected: () => latestRows,
        store,
        clock,
        isSuspect: options.isGraphSuspect ?? false,
        ...(pace && { pace }),
      });
      return graph;
    },
    graphStatus: () => graph?.status() ?? null,
    async close() {
      rows.close();
      await graph?.close();
    },
  };
}
