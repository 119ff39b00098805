import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../native-models/logger.ts';
import {
  type Candidate,
  chooseProvider,
  type ProviderName,
  type ProviderTest,
  type RememberedChoice,
} from '../../../../native-models/runtime/providers.ts';

/** A provider that answers after `ms` on the test's clock. */
interface Fake {
  ms: number;
  vectors?: number[];
  fails?: string;
}

function harness(fakes: Partial<Record<ProviderName, Fake>>, change: Partial<ProviderTest> = {}) {
  let clock = 0;
  const cache = new Map<string, RememberedChoice>();
  const open = new Set<string>();
  const loaded: string[] = [];
  const test: ProviderTest = {
    available: Object.keys(fakes).map((name) => ({ name: name as ProviderName, usable: true })),
    async load(provider): Promise<Candidate> {
      const fake = fakes[provider];
      loaded.push(provider);
      if (!fake || fake.fails) throw new Error(`${fake?.fails ?? 'unknown'}\nmore lines`);
      open.add(provider);
      return {
        async run() {
          clock += fake.ms;
          return Float32Array.from(fake.vectors ?? [1, 0, 0, 1]);
        },
        async close() {
          open.delete(provider);
        },
      };
    },
    batches: 3,
    dim: 2,
    cacheKey: 'starter@1 runtime 1',
    cache,
    now: () => clock,
    logger: silentLogger,
    ...change,
  };
  return { test, cache, loaded, open };
}

describe('chooseProvider', () => {
  it('takes the first provider that agrees with the CPU and beats it, and closes what it opened', async () => {
    const { test, open, loaded } = harness({ cpu: { ms: 10 }, webgpu: { ms: 1 }, cuda: { ms: 5 } });
    const choice = await chooseProvider(test);
    expect(choice).toEqual({
      name: 'cuda',
      reason: 'passed: 10 ms against 20 ms on the CPU, cosine at least 1.0000',
      tried: [{ name: 'cuda', accepted: true, reason: choice.reason }],
    });
    expect(loaded).toEqual(['cuda', 'cpu']);
    expect(open.size).toBe(0);
  });

  it.each([
    ['is not faster', { ms: 10 }, 'not faster: 20 ms against 20 ms on the CPU, cosine at least 1.0000'],
    [
      'gives other vectors',
      { ms: 1, vectors: [1, 0, 0.2, 1] },
      "its vectors differ from the CPU's: 2 ms against 20 ms on the CPU, cosine at least 0.9806",
    ],
    [
      'gives NaN',
      { ms: 1, vectors: [1, 0, Number.NaN, 1] },
      "its vectors differ from the CPU's: 2 ms against 20 ms on the CPU, cosine at least NaN",
    ],
    [
      'gives nothing',
      { ms: 1, vectors: [] },
      "its vectors differ from the CPU's: 2 ms against 20 ms on the CPU, cosine at least NaN",
    ],
    ['cannot load', { ms: 1, fails: 'no such library' }, 'does not run here: no such library'],
  ])('falls back to the CPU where the other %s', async (_, webgpu, reason) => {
    const { test } = harness({ cpu: { ms: 10 }, webgpu });
    expect(await chooseProvider(test)).toEqual({
      name: 'cpu',
      reason: 'no other provider passed its self-test',
      tried: [{ name: 'webgpu', accepted: false, reason }],
    });
  });

  it('does not load a provider that lacks something', async () => {
    const { test, loaded } = harness(
      { cpu: { ms: 10 } },
      { available: [{ name: 'cuda', usable: 'its libraries are not installed' }] },
    );
    expect((await chooseProvider(test)).tried).toEqual([
      { name: 'cuda', accepted: false, reason: 'its libraries are not installed' },
    ]);
    expect(loaded).toEqual([]);
  });

  it('tests once per pack revision and runtime', async () => {
    const { test, loaded } = harness({ cpu: { ms: 10 }, cuda: { ms: 1 } });
    const first = await chooseProvider(test);
    expect(await chooseProvider(test)).toEqual(first);
    expect(loaded).toHaveLength(2);
    await chooseProvider({ ...test, cacheKey: 'starter@2 runtime 1' });
    expect(loaded).toHaveLength(4);
  });

  it('refuses a provider whose self-test took the process down, and goes on with the next', async () => {
    const { test, cache, loaded } = harness({ cpu: { ms: 10 }, cuda: { ms: 1 }, webgpu: { ms: 2 } });
    const seenWhileTesting: (RememberedChoice | undefined)[] = [];
    const load = test.load;
    await chooseProvider({
      ...test,
      load: (provider) => {
        seenWhileTesting.push(cache.get(test.cacheKey));
        return load(provider);
      },
    });
    expect(seenWhileTesting[0]).toEqual({ state: 'testing', provider: 'cuda', tried: [] });

    loaded.length = 0;
    cache.set(test.cacheKey, { state: 'testing', provider: 'cuda', tried: [] });
    const choice = await chooseProvider(test);
    expect(choice.name).toBe('webgpu');
    expect(choice.tried[0]).toEqual({ name: 'cuda', accepted: false, reason: 'its self-test ended the process' });
    expect(loaded).toEqual(['webgpu', 'cpu']);
  });

  it('obeys a demand without a test, and refuses one it cannot meet', async () => {
    const { test, loaded } = harness({ cpu: { ms: 10 }, cuda: { ms: 1 } });
    const demanded = { name: 'cpu', by: 'PHOTOSEEK_PROVIDER' };
    expect(await chooseProvider({ ...test, demanded })).toEqual({
      name: 'cpu',
      reason: 'demanded by PHOTOSEEK_PROVIDER',
      tried: [],
    });
    expect(loaded).toEqual([]);
    for (const name of ['dml', 'abacus']) {
      await expect(chooseProvider({ ...test, demanded: { name, by: 'PHOTOSEEK_PROVIDER' } })).rejects.toMatchObject({
        code: 'model/load',
        message: `PHOTOSEEK_PROVIDER asks for the provider "${name}"; this build offers cpu, cuda.`,
      });
    }
  });
});
