// The provider self-test of a pack: its image graph over twenty fixed pictures. Inference process.
import type { ModelLogger } from '../logger.ts';
import type { ImageTowerSpec, Pack } from '../pack.ts';
import { availableProviders, runtimeVersion } from './available-providers.ts';
import {
  type Candidate,
  type ChoiceCache,
  chooseProvider,
  type ProviderChoice,
  type ProviderName,
} from './providers.ts';
import type { SessionStore } from './session.ts';
import { floatData, type TensorValue } from './tensors.ts';

/** Environment variable that forces a provider, for tests and for a person whose driver misbehaves. */
const override = 'PHOTOSEEK_PROVIDER';

/** Twenty pictures: the first batch warms up, the others are timed. */
const batchSizes = [4, 8, 8];

export interface PackProviderParts {
  pack: Pack;
  files: ReadonlyMap<string, string>;
  sessions: SessionStore;
  logger: ModelLogger;
  options: {
    provider?: 'auto' | ProviderName;
    providerChoices?: ChoiceCache;
    environment?: Readonly<Record<string, string | undefined>>;
  };
}

/** @throws ModelError `model/load` where a demanded provider is not in this build. */
export async function chooseForPack({
  pack,
  files,
  sessions,
  logger,
  options,
}: PackProviderParts): Promise<ProviderChoice> {
  const { graph, input, output, dim } = pack.image;
  const path = files.get(graph) as string;
  const spec = pack.tensors[graph] as NonNullable<(typeof pack.tensors)[string]>;

  async function load(provider: ProviderName): Promise<Candidate> {
    const session = await sessions.open(path, provider, spec);
    return {
      async run(batch) {
        const outputs = await session.run({ [input]: testPictures(pack.image, batch) }, [output]);
        return floatData(outputs[output] as TensorValue);
      },
      close: () => sessions.close(path, provider),
    };
  }

  return await chooseProvider({
    available: await availableProviders(),
    load,
    batches: batchSizes.length,
    dim,
    cacheKey: `${pack.id}@${pack.revision} ${runtimeVersion} ${process.platform} ${process.arch}`,
    cache: options.providerChoices ?? new Map(),
    demanded: demanded(options),
    now: () => performance.now(),
    logger,
  });
}

function demanded({
  provider,
  environment = process.env,
}: PackProviderParts['options']): { name: string; by: string } | undefined {
  const forced = environment[override];
  if (forced) return { name: forced, by: override };
  return provider === undefined || provider === 'auto' ? undefined : { name: provider, by: 'the settings' };
}

/** Smooth waves of colour with noise on them: the same for every provider, and not flat. */
function testPictures({ preprocess }: ImageTowerSpec, batch: number): TensorValue {
  const { width, height, layout, type, mean, std } = preprocess;
  const count = batchSizes[batch] ?? 1;
  const area = width * height;
  const data = type === 'uint8' ? new Uint8Array(count * area * 3) : new Float32Array(count * area * 3);
  for (let i = 0; i < data.length; i += 1) {
    const photo = Math.floor(i / (area * 3));
    const channel = layout === 'NCHW' ? Math.floor(i / area) % 3 : i % 3;
    const place = layout === 'NCHW' ? i % area : Math.floor(i / 3) % area;
    const wave =
      Math.sin((place % width) / (5 + photo + batch * 8) + channel) *
      Math.cos(Math.floor(place / width) / (9 + channel));
    const value = Math.round(127.5 + 90 * wave + (((i * 2654435761) >>> 24) - 128) / 8);
    data[i] = type === 'uint8' ? value : (value / 255 - (mean[channel] as number)) / (std[channel] as number);
  }
  const dims = layout === 'NCHW' ? [count, 3, height, width] : [count, height, width, 3];
  return { type, data, dims };
}
