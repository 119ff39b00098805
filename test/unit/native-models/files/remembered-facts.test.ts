import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rememberFacts } from '../../../../native-models/files/remembered-facts.ts';
import { silentLogger } from '../../../../native-models/logger.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photoseek-facts-'));
  path = join(folder, 'models/facts.json');
});
afterEach(() => rm(folder, { recursive: true }));

const fact = { bytes: 7, mtimeMs: 1.5, ctimeMs: 1.5, provedAtMs: 9, sha256: 'ab' };
const choice = { state: 'chosen' as const, choice: { name: 'cpu' as const, reason: 'because', tried: [] } };

it('tells a later process what an earlier one found', () => {
  const first = rememberFacts(path, silentLogger);
  first.verified.set('/models/a.onnx', fact);
  first.providerChoices.set('starter@1', { state: 'testing', provider: 'cuda', tried: [] });
  const second = rememberFacts(path, silentLogger);
  expect(second.verified.get('/models/a.onnx')).toEqual(fact);
  expect(second.verified.get('/models/b.onnx')).toBeUndefined();
  expect(second.providerChoices.get('starter@1')).toEqual({ state: 'testing', provider: 'cuda', tried: [] });
  second.providerChoices.set('starter@1', choice);
  expect(first.providerChoices.get('starter@1')).toEqual(choice);
});

it.each(['', '{', '{"verified":{"a":{"bytes":"7"}},"choices":{}}'])(
  'knows nothing from a damaged file: %j',
  async (text) => {
    rememberFacts(path, silentLogger).verified.set('a', fact);
    await writeFile(path, text);
    const facts = rememberFacts(path, silentLogger);
    expect(facts.verified.get('a')).toBeUndefined();
    facts.verified.set('b', fact);
    expect(JSON.parse(await readFile(path, 'utf8')).verified).toEqual({ b: fact });
  },
);

it('goes on where nothing can be written, and says so', async () => {
  await writeFile(join(folder, 'models'), 'a file where the folder should be');
  const warnings: string[] = [];
  const facts = rememberFacts(path, { ...silentLogger, warn: (message) => warnings.push(message) });
  facts.verified.set('a', fact);
  expect(warnings).toHaveLength(1);
  expect(facts.verified.get('a')).toBeUndefined();
});
