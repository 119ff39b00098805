// Opens the graphs of one verified pack on the chosen provider, each on first use. Inference process.
import { ModelError } from '../errors.ts';
import type { ModelLogger } from '../logger.ts';
import type { Pack } from '../pack.ts';
import type { ProviderName } from './providers.ts';
import type { GraphSession, SessionStore } from './session.ts';

/** The pack's files behind their names in the manifest. */
export interface PackGraphs {
  /** @param path in the pack. @throws ModelError `model/load` or `model/shape` */
  open(path: string): Promise<GraphSession>;
  /** Absolute path of a verified file. */
  file(path: string): string;
}

export interface PackGraphsParts {
  pack: Pack;
  files: ReadonlyMap<string, string>;
  /** Proves a file of the pack once more: hours may lie between opening the pack and the first use of a graph. @throws ModelError */
  prove: (path: string) => Promise<void>;
  sessions: SessionStore;
  provider: () => Promise<ProviderName>;
  logger: ModelLogger;
}

export function createPackGraphs({ pack, files, prove, sessions, provider, logger }: PackGraphsParts): PackGraphs {
  function file(path: string): string {
    const found = files.get(path);
    if (found === undefined) throw new ModelError('model/missing', `Pack ${pack.id}: ${path} is not among its files.`);
    return found;
  }
  return {
    file,
    async open(path) {
      const spec = pack.tensors[path];
      if (!spec) throw new ModelError('model/manifest', `Pack ${pack.id}: ${path} has no tensor description.`);
      const name = await provider();
      await prove(path);
      try {
        return await sessions.open(file(path), name, spec);
      } catch (error) {
        // The self-test covers the image tower only: another graph may use an operator that the provider lacks.
        const isProviderAtFault = name !== 'cpu' && error instanceof ModelError && error.code !== 'model/shape';
        if (!isProviderAtFault) throw error;
        logger.warn('graph falls back to the CPU', { graph: path, provider: name, reason: error.message });
        return await sessions.open(file(path), 'cpu', spec);
      }
    },
  };
}
