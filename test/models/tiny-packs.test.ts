import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalise } from '../../native-models/image/preprocess.ts';
import { type ModelPack, openPack } from '../../native-models/open-pack.ts';

interface Expected {
  inputs: number[][];
  sentences: string[];
  pictures: { embedding: number[]; captions: { text: string; score: number }[] }[];
  texts: { text: number[]; sentence: number[] }[];
}

const fixtures = join(import.meta.dirname, '../fixtures/models');

function readExpected(name: string): Expected {
  return JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'));
}

function expectVector(actual: ArrayLike<number> | undefined, wanted: number[], digits = 5): void {
  expect(actual?.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(actual?.[i]).toBeCloseTo(value, digits);
}

describe.each(['tiny-starter', 'tiny-large'])('%s on the true runtime', (name) => {
  const expected = readExpected(name);
  const both = { embedding: true, caption: true };
  let pack: ModelPack;

  beforeAll(async () => {
    pack = await openPack(join(fixtures, name), { threads: 1, provider: 'cpu', environment: {} });
  });
  afterAll(() => pack.dispose());

  function photos(want = both) {
    const specs = pack.inputsFor(want);
    return expected.inputs.map((pixels) =>
      specs.map((spec) => ({ width: 8, height: 8, data: normalise(Uint8Array.from(pixels), spec) })),
    );
  }

  it('gives the vectors of the plain reference, photos in one batch', async () => {
    const results = await pack.analysePhotos(photos({ embedding: true, caption: false }), {
      embedding: true,
      caption: false,
    });
    for (const [i, result] of results.entries()) {
      expectVector(result.embedding, expected.pictures[i]?.embedding ?? []);
      expect(result.captions).toBeUndefined();
    }
  });

  it('finds the captions of the plain reference, whatever the batch', async () => {
    const batched = await pack.analysePhotos(photos(), both);
    const single = [];
    for (const photo of photos()) single.push(...(await pack.analysePhotos([photo], both)));
    const count = pack.manifest.captioner?.captionsPerPhoto;
    for (const [i, picture] of expected.pictures.entries()) {
      const wanted = picture.captions.filter(({ text }) => text !== '').slice(0, count);
      expect(wanted.length).toBeGreaterThan(0);
      for (const captions of [batched[i]?.captions, single[i]?.captions]) {
        expect(captions?.map(({ text }) => text)).toEqual(wanted.map(({ text }) => text));
        for (const [j, { score }] of wanted.entries()) expect(captions?.[j]?.score).toBeCloseTo(score, 4);
      }
    }
  });

  it('makes the caption vector from the sentence vectors of the captions', async () => {
    const [result] = await pack.analysePhotos(photos().slice(0, 1), both);
    const vectors = await pack.embedSentences((result?.captions ?? []).map((caption) => caption.text));
    const sum = vectors[0]?.map((_, i) => vectors.reduce((total, vector) => total + (vector[i] as number), 0)) ?? [];
    const norm = Math.hypot(...sum);
    expectVector(
      result?.captionVector,
      Array.from(sum, (x) => x / norm),
    );
  });

  it('gives the text vectors of the plain reference, in the order asked, in any batch', async () => {
    const { text, sentence } = await pack.embedText(expected.sentences);
    for (const [i, wanted] of expected.texts.entries()) {
      expectVector(text[i], wanted.text);
      expectVector(sentence[i], wanted.sentence);
    }
    const reversed = await pack.embedSentences([...expected.sentences].reverse());
    expectVector(reversed.at(-1), expected.texts[0]?.sentence ?? []);
  });

  it('says what it is', async () => {
    const facts = await pack.describe();
    expect(facts.models).toEqual({
      image: `${name}@1/image`,
      text: `${name}@1/text`,
      sentence: `${name}@1/sentence`,
      caption: `${name}@1/caption`,
    });
    expect(facts.provider).toEqual({ name: 'cpu', reason: 'demanded by the settings', tried: [] });
    expect(facts.dims).toEqual({ image: 5, text: 5, sentence: 4 });
  });
});
