import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelId, type Pack, PackSchema, referencedFiles } from '../../../native-models/pack.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/models');

function read(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(fixtures, name, 'pack.json'), 'utf8'));
}

/** The starter-like manifest with one value replaced; undefined takes the key out. */
function changed(path: (string | number)[], value: unknown): unknown {
  const pack = structuredClone(read('tiny-starter'));
  const last = path.at(-1) as string;
  let at = pack as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return pack;
}

describe('PackSchema', () => {
  it.each(['tiny-starter', 'tiny-large'])('reads %s, every file of which is used', (name) => {
    const pack: Pack = PackSchema.parse(read(name));
    expect(referencedFiles(pack).sort()).toEqual(pack.files.map((file) => file.path).sort());
    expect(modelId(pack, 'sentence')).toBe(`${name}@1/sentence`);
  });

  it('fills in what a manifest may leave out', () => {
    const pack = PackSchema.parse(changed(['captioner', 'captionsPerPhoto'], undefined));
    expect(pack.captioner?.captionsPerPhoto).toBe(1);
    expect(pack.image.preprocess).toMatchObject({ mean: [0, 0, 0], std: [1, 1, 1] });
    for (const key of ['sentence', 'captioner', 'fusion', 'training', 'notice']) {
      expect(PackSchema.safeParse(changed([key], undefined)).success).toBe(true);
    }
  });

  it.each([
    ['a path that leaves the pack', ['files', 0, 'path'], '../outside.onnx'],
    ['a path through the parent', ['files', 0, 'path'], 'onnx/../../outside.onnx'],
    ['an absolute path', ['files', 0, 'path'], '/etc/passwd'],
    ['a drive', ['files', 0, 'path'], 'C:/model.onnx'],
    ['back slashes', ['files', 0, 'path'], 'onnx\\model.onnx'],
    ['an empty segment', ['files', 0, 'path'], 'onnx//model.onnx'],
    ['a hash of another kind', ['files', 0, 'sha256'], 'ABC'],
    ['a file named twice', ['files', 1, 'path'], 'caption_tokenizer.json'],
    ['a graph that no file stands for', ['image', 'graph'], 'onnx/other.onnx'],
    ['a graph without a description', ['tensors', 'onnx/text_model.onnx'], undefined],
    ['spaces that differ in size', ['text', 'dim'], 6],
    ['hidden states from a graph that is not run', ['captioner', 'hiddenStates', 'graph'], 'onnx/text_model.onnx'],
    ['an unknown key', ['image', 'normalise'], true],
    ['an unknown architecture', ['captioner', 'architecture'], 'oracle'],
    ['an id with a slash', ['id'], 'a/b'],
    ['a later format', ['format'], 2],
    ['an unknown type', ['tensors', 'onnx/text_model.onnx', 'inputs', 'input_ids', 'type'], 'complex64'],
  ])('refuses %s', (_, path, value) => {
    expect(PackSchema.safeParse(changed(path, value)).success).toBe(false);
  });
});
