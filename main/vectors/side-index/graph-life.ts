// One graph from its file or its first vector to its replacement: loaded or built, followed, saved, thrown away at any doubt. Runs in the search process.
import type { VectorKind } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import { firstCursor, type VectorCursor, type VectorSource } from '../vector-source.ts';
import { createGraphFollower, type GraphFollower } from './graph-follower.ts';
import { graphLinks } from './hnsw-graph.ts';
import type { SideIdentity } from './manifest.ts';
import { createPhotoGraph, type PhotoGraph, readPhotoGraph } from './photo-graph.ts';
import type { SideStore } from './side-store.ts';
import { disagreement } from './spot-check.ts';

export interface GraphLifeOptions {
  readonly source: VectorSource;
  readonly id: { readonly kind: VectorKind; readonly modelId: string };
  readonly dim: number;
  /** Vectors to make room for in a new graph. */
  readonly expected: () => number;
  /** Room of the smallest graph; tests take less, so that graphs outgrow it. */
  readonly minCapacity?: number;
  readonly store: SideStore;
  /** What was saved is not to be loaded. */
  readonly isSuspect?: boolean;
}

/** Applies what is committed to a graph, with rests in between. @returns false where the work was ended before it was through */
export type Follow = (follower: GraphFollower) => Promise<boolean>;

export interface GraphLife {
  /** Undefined until `load` has read or begun one. */
  follower(): GraphFollower | undefined;
  /** Proven files and what has changed since; a new graph where there are none, or any doubt. */
  load(follow: Follow): Promise<void>;
  /** Begins anew where the graph is worn or its library was replaced. @returns whether it did */
  renew(): Promise<boolean>;
  /** True while a save is under way: the graph may be searched, not changed. */
  isSaving(): boolean;
  /** Changes that no file has; a new graph counts as all of its nodes. */
  unsaved(): number;
  /** @throws AppError `vectors/failed` */
  save(): Promise<void>;
  /** Why files were thrown away or could not be saved, last. */
  problem(): string | null;
}

export function createGraphLife(options: GraphLifeOptions): GraphLife {
  const { source, id, dim, store } = options;
  const { kind, modelId } = id;
  const identity: SideIdentity = { structure: 'graph', kind, modelId, dim, metric: 'ip', links: graphLinks };
  let follower: GraphFollower | undefined;
  let problem: string | null = null;
  let saving = false;
  /** Changes of this graph that its file has; none where there is no file. */
  let saved: number | undefined;

  function begin(graph: PhotoGraph, cursor: VectorCursor, latest: readonly number[]): GraphFollower {
    saved = undefined;
    follower = createGraphFollower(graph, source, id, { cursor, latest });
    return follower;
  }

  async function build(): Promise<void> {
    begin(await createPhotoGraph(dim, options.expected(), options.minCapacity), firstCursor, []);
  }

  async function doubt(reason: string): Promise<void> {
    problem = reason;
    // Also where none can be begun, what is doubted answers nothing.
    follower = undefined;
    await build();
    await store.discard(identity).catch(() => undefined);
  }

  async function read(follow: Follow): Promise<void> {
    if (options.isSuspect) return doubt('the search process ended while it was in use');
    const proven = await store.load(identity, source.lastSeq());
    if (!proven) return build();
    const { appliedSeq, latest } = proven.manifest;
    const loaded = begin(await readPhotoGraph(proven), { seq: appliedSeq, after: -1 }, latest);
    while (await follow(loaded)) {
      // What is committed meanwhile is no disagreement, and no reason to believe the file unseen.
      if (!loaded.isCurrent()) continue;
      const reason = disagreement(loaded.graph, source, id, loaded.latest());
      if (reason !== null && !loaded.isCurrent()) continue;
      if (reason !== null) return doubt(reason);
      saved = 0;
      return;
    }
    follower = undefined;
  }

  return {
    follower: () => follower,
    load: (follow) => read(follow).catch((error: Error) => doubt(error.message)),
    async renew() {
      if (follower?.wentBack()) await doubt('the library was replaced by an older copy');
      else if (follower?.graph.isWorn()) await build();
      else return false;
      return true;
    },
    isSaving: () => saving,
    unsaved: () => (saved === undefined ? (follower?.graph.nodes() ?? 0) : (follower?.changes() ?? 0) - saved),
    async save() {
      if (!follower || !store.writes)
        throw new AppError('vectors/failed', 'There is no search graph to be saved here.');
      const changes = follower.changes();
      const state = { count: follower.graph.nodes(), appliedSeq: follower.seq(), latest: follower.latest() };
      saving = true;
      try {
        await store.save(identity, state, follower.graph.parts());
        saved = changes;
        problem = null;
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        throw error;
      } finally {
        saving = false;
      }
    },
    problem: () => problem,
  };
}
