// ONNX Runtime sessions: loaded once per file and provider, checked against the manifest. Inference process, never a worker thread.
import './no-telemetry.ts';
import { basename } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { firstLine, ModelError } from '../errors.ts';
import type { ModelLogger } from '../logger.ts';
import type { GraphSpec } from '../pack.ts';
import { checkGraph, type GraphTensor } from './check-graph.ts';
import type { ProviderName } from './providers.ts';
import type { TensorValue } from './tensors.ts';

export type Feeds = Readonly<Record<string, TensorValue>>;
export type Outputs = Readonly<Record<string, TensorValue>>;

/** A loaded graph. Its run blocks the JavaScript thread, so calls never overlap, whatever the promises suggest. */
export interface GraphSession {
  /** @param outputs the names wanted; the graph need not compute the others. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Outputs>;
  readonly inputNames: readonly string[];
}

export interface SessionStore {
  /**
   * @param path absolute path of a verified file.
   * @throws ModelError `model/load` or `model/shape`; the next call tries again.
   */
  open(path: string, provider: ProviderName, spec: GraphSpec): Promise<GraphSession>;
  /** Releases one provider's session of a file, loaded or loading. */
  close(path: string, provider: ProviderName): Promise<void>;
  /** Releases every session; runs still waiting fail. */
  dispose(): Promise<void>;
}

export interface SessionSettings {
  /** Threads inside one operator; see `defaultThreads`. */
  threads: number;
  logger: ModelLogger;
}

export function createSessionStore(settings: SessionSettings): SessionStore {
  // Native messages would go straight to stderr, past the log; all that matters comes back as an exception.
  env.logLevel = 'fatal';
  const loading = new Map<string, Promise<InferenceSession>>();
  const key = (path: string, provider: ProviderName) => `${provider}:${path}`;

  async function close(path: string, provider: ProviderName): Promise<void> {
    const session = loading.get(key(path, provider));
    loading.delete(key(path, provider));
    await session?.then((loaded) => loaded.release()).catch(() => undefined);
  }

  return {
    async open(path, provider, spec) {
      const known = loading.get(key(path, provider));
      const session = known ?? load(path, provider, spec, settings);
      loading.set(key(path, provider), session);
      try {
        return graphSession(basename(path), await session);
      } catch (error) {
        loading.delete(key(path, provider));
        throw error;
      }
    },
    close,
    async dispose() {
      const sessions = [...loading.values()];
      loading.clear();
      for (const session of sessions) await session.then((loaded) => loaded.release()).catch(() => undefined);
    },
  };
}

async function load(path: string, provider: ProviderName, spec: GraphSpec, settings: SessionSettings) {
  const name = basename(path);
  const startedAt = performance.now();
  const session = await InferenceSession.create(path, sessionOptions(provider, settings.threads)).catch((cause) => {
    // The runtime's text names the file by its path, which must not travel.
    const reason = firstLine(cause).replaceAll(path, name);
    throw new ModelError(
      isOutOfMemory(cause) ? 'inference/out-of-memory' : 'model/load',
      `Graph ${name} cannot be loaded by the ${provider} provider (${reason}).`,
      { cause },
    );
  });
  try {
    checkGraph(name, { inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) }, spec);
  } catch (error) {
    await session.release();
    throw error;
  }
  settings.logger.debug('graph loaded', { graph: name, provider, ms: Math.round(performance.now() - startedAt) });
  return session;
}

function sessionOptions(provider: ProviderName, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Inside Electron a refused large allocation ends the process, so memory is not hoarded.
    enableCpuMemArena: false,
    // DirectML cannot plan memory ahead.
    enableMemPattern: provider !== 'dml',
    logSeverityLevel: 4,
    // Idle threads sleep instead of burning a core that the person or the decoder could use. Values are strings.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

function graphSession(name: string, session: InferenceSession): GraphSession {
  return {
    inputNames: session.inputNames,
    async run(feeds, outputs) {
      const tensors: Record<string, Tensor> = {};
      for (const [input, value] of Object.entries(feeds)) tensors[input] = asTensor(value);
      try {
        return (await session.run(tensors, outputs)) as Record<string, Tensor> as unknown as Outputs;
      } catch (cause) {
        const code = isOutOfMemory(cause) ? 'inference/out-of-memory' : 'model/shape';
        throw new ModelError(code, `Graph ${name} failed while running (${firstLine(cause)}).`, { cause });
      }
    },
  };
}

function asTensor(value: TensorValue): Tensor {
  // What one graph gave goes into the next as it is.
  if (value instanceof Tensor) return value;
  return new Tensor(value.type, value.data as never, value.dims);
}

function describe(metadata: readonly InferenceSession.ValueMetadata[]): GraphTensor[] {
  return metadata.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, dims: value.shape }
      : { name: value.name, type: 'not a tensor', dims: [] },
  );
}

function isOutOfMemory(error: unknown): boolean {
  return /bad.?alloc|out of memory|failed to allocate/i.test(String(error));
}
