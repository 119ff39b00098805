// Chooses the execution provider by a self-test against the CPU, and keeps the reason for `doctor`. Inference process.

import { firstLine, ModelError } from '../errors.ts';
import type { ModelLogger } from '../logger.ts';

/** Tried in this order, the CPU last: it always works. */
export const providerOrder = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export type ProviderName = (typeof providerOrder)[number];

/** What happened to one provider, in words a person can read. */
export interface ProviderTrial {
  name: ProviderName;
  accepted: boolean;
  reason: string;
}

export interface ProviderChoice {
  name: ProviderName;
  reason: string;
  tried: readonly ProviderTrial[];
}

/** A choice found earlier, or `testing` where a self-test began and never ended: then it took its process down. */
export type RememberedChoice =
  | { state: 'chosen'; choice: ProviderChoice }
  | { state: 'testing'; provider: ProviderName; tried: readonly ProviderTrial[] };

/** Remembers choices by pack revision and runtime version. Writing must reach the disk before `set` returns to survive a crash. */
export interface ChoiceCache {
  get(key: string): RememberedChoice | undefined;
  set(key: string, choice: RememberedChoice): void;
}

/** A graph loaded on one provider for the self-test. */
export interface Candidate {
  /** Runs one of the fixed test batches; the same index gives the same pixels on every provider. */
  run(batch: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ProviderTest {
  /** What the runtime's build can offer; a reason instead of `true` where something it needs is missing. */
  available: readonly { name: ProviderName; usable: true | string }[];
  load(provider: ProviderName): Promise<Candidate>;
  /** Number of test batches; the first only warms up and is not timed. */
  batches: number;
  /** Size of one vector in a batch's output. */
  dim: number;
  cacheKey: string;
  cache: ChoiceCache;
  /** Provider that the environment or a setting demands, with the name of what demanded it. */
  demanded?: { name: string; by: string } | undefined;
  /** Milliseconds, rising. */
  now: () => number;
  logger: ModelLogger;
}

/** Vectors must agree with the CPU's to this cosine, the limit for shipping a reduced precision too. */
const leastCosine = 0.99;

/** @throws ModelError `model/load` where a demanded provider is unknown or not in this build; a failed self-test never throws. */
export async function chooseProvider(test: ProviderTest): Promise<ProviderChoice> {
  if (test.demanded) return demandedChoice(test, test.demanded);
  const remembered = test.cache.get(test.cacheKey);
  if (remembered?.state === 'chosen') return remembered.choice;
  const tried: ProviderTrial[] = [...(remembered?.tried ?? [])];
  if (remembered) tried.push({ name: remembered.provider, accepted: false, reason: 'its self-test ended the process' });
  for (const name of providerOrder) {
    const offer = test.available.find((candidate) => candidate.name === name);
    if (name === 'cpu' || !offer || tried.some((trial) => trial.name === name)) continue;
    if (offer.usable === true) test.cache.set(test.cacheKey, { state: 'testing', provider: name, tried: [...tried] });
    const trial = await tryProvider(test, name, offer.usable);
    test.logger.info('provider tested', { ...trial });
    tried.push(trial);
    if (trial.accepted) break;
  }
  const winner = tried.find((trial) => trial.accepted);
  const choice: ProviderChoice = winner
    ? { name: winner.name, reason: winner.reason, tried }
    : {
        name: 'cpu',
        reason: tried.length > 0 ? 'no other provider passed its self-test' : 'this build offers no other',
        tried,
      };
  test.cache.set(test.cacheKey, { state: 'chosen', choice });
  return choice;
}

function demandedChoice(test: ProviderTest, { name, by }: { name: string; by: string }): ProviderChoice {
  const known = providerOrder.find((provider) => provider === name);
  if (!known || !test.available.some((offer) => offer.name === known)) {
    const offers = test.available.map((offer) => offer.name).join(', ');
    throw new ModelError('model/load', `${by} asks for the provider "${name}"; this build offers ${offers}.`);
  }
  return { name: known, reason: `demanded by ${by}`, tried: [] };
}

async function tryProvider(test: ProviderTest, name: ProviderName, usable: true | string): Promise<ProviderTrial> {
  if (usable !== true) return { name, accepted: false, reason: usable };
  try {
    const other = await measure(test, name);
    const cpu = await measure(test, 'cpu');
    const cosine = leastCosineOf(other.vectors, cpu.vectors, test.dim);
    const figures = `${Math.round(other.ms)} ms against ${Math.round(cpu.ms)} ms on the CPU, cosine at least ${cosine.toFixed(4)}`;
    if (!(cosine >= leastCosine))
      return { name, accepted: false, reason: `its vectors differ from the CPU's: ${figures}` };
    if (other.ms >= cpu.ms) return { name, accepted: false, reason: `not faster: ${figures}` };
    return { name, accepted: true, reason: `passed: ${figures}` };
  } catch (error) {
    return { name, accepted: false, reason: `does not run here: ${firstLine(error)}` };
  }
}

async function measure(test: ProviderTest, provider: ProviderName): Promise<{ vectors: Float32Array[]; ms: number }> {
  const candidate = await test.load(provider);
  try {
    const vectors = [await candidate.run(0)];
    const startedAt = test.now();
    for (let batch = 1; batch < test.batches; batch += 1) vectors.push(await candidate.run(batch));
    return { vectors, ms: test.now() - startedAt };
  } finally {
    await candidate.close();
  }
}

/** NaN where any value is not finite, so that every comparison with it fails. */
function leastCosineOf(left: readonly Float32Array[], right: readonly Float32Array[], dim: number): number {
  let least = 1;
  for (const [batch, a] of left.entries()) {
    const b = right[batch];
    if (b?.length !== a.length) return Number.NaN;
    for (let start = 0; start < a.length; start += dim) {
      const cosine = cosineAt(a, b, start, dim);
      if (!Number.isFinite(cosine)) return Number.NaN;
      least = Math.min(least, cosine);
    }
  }
  return least;
}

function cosineAt(a: Float32Array, b: Float32Array, start: number, dim: number): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = start; i < start + dim; i += 1) {
    const x = a[i] as number;
    const y = b[i] as number;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
