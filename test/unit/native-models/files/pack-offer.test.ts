// Descriptions of packs to download: the shipped ones against the tiny pack of the same make, and broken ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedPacksFolder } from '../../../../native-models/files/locate-packs.ts';
import { isSafeUrl, type PackOffer, parseOffer, readOffers } from '../../../../native-models/files/pack-offer.ts';
import { type GraphSpec, type Pack, PackSchema } from '../../../../native-models/pack.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/models');
const tiny = PackSchema.parse(JSON.parse(readFileSync(join(fixtures, 'tiny-large/pack.json'), 'utf8')));
const offers = await readOffers(shippedPacksFolder);

/** A graph's role, by which differently named files are compared. */
function graphsOf({ image, text, sentence, captioner, tensors }: Pack): Record<string, GraphSpec | undefined> {
  const florence = captioner?.architecture === 'florence2' ? captioner : undefined;
  return {
    image: tensors[image.graph],
    text: tensors[text.graph],
    sentence: tensors[sentence?.graph ?? ''],
    vision: tensors[florence?.visionEncoder ?? ''],
    embed: tensors[florence?.embedTokens ?? ''],
    encoder: tensors[florence?.encoder ?? ''],
    decoder: tensors[florence?.decoder ?? ''],
  };
}

/** Type and rank of each tensor. */
function shapes(tensors: GraphSpec['inputs'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { type, dims }]) => [name, `${type} ${dims.length}`]));
}

describe.each(offers.map((offer): [string, PackOffer] => [offer.pack.id, offer]))(
  'the shipped offer %s',
  (_, offer) => {
    const { pack } = offer;

    it('has the graphs that the runtime is tested on, tensor by tensor', () => {
      const known = graphsOf(tiny);
      for (const [role, graph] of Object.entries(graphsOf(pack))) {
        expect(shapes(graph?.inputs)).toEqual(shapes(known[role]?.inputs));
        expect(shapes(known[role]?.outputs)).toMatchObject(shapes(graph?.outputs));
        expect(Object.keys(graph?.outputs ?? {})).not.toEqual([]);
      }
    });

    it('prepares photos and texts the same way', () => {
      const { graph: _image, dim: _dim, preprocess, ...image } = pack.image;
      expect(tiny.image).toMatchObject(image);
      const { width, height, ...rest } = preprocess;
      expect(tiny.image.preprocess).toMatchObject(rest);
      expect(height).toBe(width);
      const { graph: _text, dim, tokenizer: _tokenizer, ...text } = pack.text;
      expect(tiny.text).toMatchObject(text);
      expect(dim).toBe(pack.image.dim);
      const { graph: _graph, dim: _size, maxTokens, tokenizer: _words, ...sentence } = pack.sentence ?? tiny.text;
      expect(tiny.sentence).toMatchObject(sentence);
      expect(maxTokens).toBe(64);
    });

    it('says where each file is from and under which licence', () => {
      for (const file of pack.files) {
        expect(file.licence).toMatch(/^(MIT|Apache-2\.0)$/);
        const url = offer.urls.get(file.path);
        expect(url).toMatch(/^https:\/\/[^/]+\/[^/]+\/[^/]+\/resolve\/[^/]+\/.+/);
        // A branch moves; what is pinned by its bytes is pinned by its revision too.
        if (!offer.unpinned.includes(file.path)) expect(url).toMatch(/\/resolve\/[0-9a-f]{40}\//);
      }
    });

    it('pins by size and checksum, or says that it does not', () => {
      for (const file of pack.files) {
        const isPinned = !offer.unpinned.includes(file.path);
        expect(/^0+$/.test(file.sha256)).toBe(!isPinned);
        if (isPinned) expect(file.bytes).toBeGreaterThan(1_000);
      }
    });
  },
);

it('ships the offers of both larger packs', () => {
  expect(offers.map(({ pack }) => pack.id)).toEqual(['best', 'recommended']);
});

describe('a description that is not sound', () => {
  const text = readFileSync(join(shippedPacksFolder, 'recommended/download.json'), 'utf8');
  const edited = (edit: (offer: { baseUrl: string; from: Record<string, string>; pack: Pack }) => unknown): string => {
    const offer = JSON.parse(text);
    edit(offer);
    return JSON.stringify(offer);
  };

  it.each([
    ['is not JSON', '{', /^x\/download\.json is not JSON/],
    [
      'names a server without encryption',
      edited((offer) => Object.assign(offer, { baseUrl: 'http://example.com' })),
      /baseUrl.*https/,
    ],
    [
      'leads outside of its base',
      edited((offer) => Object.assign(offer.from, { 'bge/tokenizer.json': '../../x' })),
      /from\.bge.*relative/,
    ],
    [
      'leads to another host',
      edited((offer) => Object.assign(offer.from, { 'bge/tokenizer.json': '//x.org/a' })),
      /from\.bge.*relative/,
    ],
    [
      'has a file from nowhere',
      edited((offer) => Reflect.deleteProperty(offer.from, 'bge/tokenizer.json')),
      /bge\/tokenizer\.json has no address/,
    ],
    ['lacks a file that is used', edited((offer) => offer.pack.files.pop()), /files: .* is used but not listed/],
    [
      'writes outside of its folder',
      edited((offer) => Object.assign(offer.pack.files[0] ?? {}, { path: '../x' })),
      /relative path/,
    ],
  ])('is refused where it %s', (_, broken, message) => {
    expect(() => parseOffer('x', broken)).toThrowError(expect.objectContaining({ code: 'model/manifest' }));
    expect(() => parseOffer('x', broken)).toThrowError(message);
  });

  it.each([
    ['https://example.com', true],
    ['http://127.0.0.1:8080', true],
    ['http://localhost', true],
    ['http://example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['ftp://127.0.0.1', false],
    ['file:///etc', false],
    ['', false],
  ])('an address such as %s is safe: %s', (url, isSafe) => expect(isSafeUrl(url)).toBe(isSafe));
});
