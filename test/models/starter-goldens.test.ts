import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextTokenizer, loadTokenizer } from '../../native-models/embedding/tokenizer.ts';
import { shippedPacksFolder } from '../../native-models/files/locate-packs.ts';
import { decodePhoto } from '../../native-models/image/decode-photo.ts';
import { type ModelPack, openPack } from '../../native-models/open-pack.ts';
import type { PhotoAnalysis } from '../../native-models/photo-analyser.ts';

/** Written by native-models/training/goldens.py: Pillow's decode and resize, then the same graphs under Python. */
interface Goldens {
  pack: string;
  revision: string;
  photos: { file: string; caption: string; score: number; imageEmbeds: number[] }[];
  sentences: { text: string; ids: number[]; textEmbeds: number[]; sentenceEmbeds: number[] }[];
}

const goldensPath = join(import.meta.dirname, 'goldens/starter.json');
const photosFolder = join(import.meta.dirname, '../../docs/sample-photos');
/** The same photos as the reference squashed them, made by test/fixtures/models/generate.py. */
const squashedFolder = join(import.meta.dirname, '../fixtures/models/squashed');
const packFolder = join(shippedPacksFolder, 'starter');

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe.skipIf(!existsSync(goldensPath) || !existsSync(join(packFolder, 'pack.json')))(
  'the starter pack against its goldens',
  () => {
    let goldens: Goldens;
    let pack: ModelPack;
    let results: PhotoAnalysis[];

    beforeAll(async () => {
      goldens = JSON.parse(readFileSync(goldensPath, 'utf8'));
      pack = await openPack(packFolder, { threads: 1, provider: 'cpu', environment: {} });
      const want = { embedding: true, caption: true };
      results = [];
      // One by one, as the goldens were made: int8 scales depend on what shares a batch.
      for (const { file } of goldens.photos) {
        const { inputs } = await decodePhoto(readFileSync(join(photosFolder, file)), {
          thumbnail: { longestSide: 320 },
          inputs: pack.inputsFor(want),
        });
        results.push(...(await pack.analysePhotos([inputs], want)));
      }
    });
    afterAll(() => pack?.dispose());

    it('is the pack the goldens were made from', () => {
      expect([pack.manifest.id, pack.manifest.revision]).toEqual([goldens.pack, goldens.revision]);
      expect(goldens.photos.length).toBeGreaterThanOrEqual(10);
    });

    it('embeds photos alike, though another library resized them', () => {
      for (const [i, { file, imageEmbeds }] of goldens.photos.entries()) {
        expect({ file, cosine: cosine(results[i]?.embedding ?? [], imageEmbeds) }).toEqual({
          file,
          cosine: expect.toSatisfy((value) => value >= 0.995),
        });
      }
    });

    it('captions the very same pixels with the same words at the same score', async () => {
      const want = { embedding: true, caption: true };
      const compared = [];
      for (const golden of goldens.photos) {
        const path = join(squashedFolder, golden.file.replace(/\.jpg$/, '.png'));
        if (!existsSync(path)) continue;
        const { inputs } = await decodePhoto(readFileSync(path), { inputs: pack.inputsFor(want) });
        const [result] = await pack.analysePhotos([inputs], want);
        expect(result?.captions?.[0]?.text).toBe(golden.caption);
        expect(result?.captions?.[0]?.score).toBeCloseTo(golden.score, 2);
        expect(cosine(result?.embedding ?? [], golden.imageEmbeds)).toBeGreaterThan(0.9999);
        compared.push(golden.file);
      }
      expect(compared).toHaveLength(4);
    });

    it('captions the photos about as well from its own resize', () => {
      // The words may turn on a grey level; how sure the captioner is may not.
      const gaps = goldens.photos.map(({ score }, i) =>
        Math.abs((results[i]?.captions?.[0]?.score ?? Number.NaN) - score),
      );
      expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(0.35);
      const same = goldens.photos.filter(({ caption }, i) => results[i]?.captions?.[0]?.text === caption);
      expect(same.length).toBeGreaterThanOrEqual(3);
    });

    it('gives sentences the same tokens and vectors', async () => {
      const { text, maxTokens, tokenizer } = { ...pack.manifest.text, text: pack.manifest.text };
      const tokens = createTextTokenizer(await loadTokenizer(join(packFolder, tokenizer)), maxTokens);
      for (const golden of goldens.sentences) {
        expect(tokens.encode(text.lowercase ? golden.text.toLowerCase() : golden.text)).toEqual(golden.ids);
        const { text: own, sentence } = await pack.embedText([golden.text]);
        expect(cosine(own[0] ?? [], golden.textEmbeds)).toBeGreaterThanOrEqual(0.999);
        expect(cosine(sentence[0] ?? [], golden.sentenceEmbeds)).toBeGreaterThanOrEqual(0.999);
      }
    });
  },
);
