// photoseek search and show as scripts call them: the shape of their answers is a promise.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CliOptions, runCli, runJson, samplePhotos } from '../helpers/cli.ts';
import { copyAll } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, hashOf } from '../helpers/temp-library.ts';

interface Hit {
  path: string;
  score: number;
  caption: string | null;
  ranks: { embedding: number | null; caption: number | null; words: number | null };
}
interface Found {
  query: string;
  understood: { texts: string[]; chips: { kind: string; label: string }[]; notes: string[] };
  mode: string;
  hits: Hit[];
  indexed: number;
  pending: number;
  tookMs: { encode: number; scan: number; fuse: number; total: number };
}

const folderFor = fileScopedFolders();
const photos = folderFor('photos');
const options: CliOptions = { library: folderFor('library') };
const names = ['astronaut.jpg', 'cat.jpg', 'clock.jpg', 'coffee.jpg', 'flower.jpg'];
const tagged = join(photos, 'holiday at the lake.jpg');

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="4">
<dc:subject><rdf:Bag><rdf:li>zeppelin</rdf:li><rdf:li>Großmutter</rdf:li></rdf:Bag></dc:subject>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">On the shore</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

/** One IPTC data set of the application record. */
function iptc(dataSet: number, text: string): Buffer {
  const value = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from([0x1c, 2, dataSet, value.length >> 8, value.length & 255]), value]);
}

/** A JPEG with an IPTC block in a Photoshop segment right after its start. */
function withIptc(jpeg: Buffer, block: Buffer): Buffer {
  const even = block.length % 2 === 0 ? block : Buffer.concat([block, Buffer.alloc(1)]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(block.length);
  const resource = Buffer.concat([
    Buffer.from('Photoshop 3.0\0' + '8BIM', 'latin1'),
    Buffer.from([4, 4, 0, 0]),
    size,
    even,
  ]);
  const head = Buffer.from([0xff, 0xed, (resource.length + 2) >> 8, (resource.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, resource, jpeg.subarray(2)]);
}

beforeAll(async () => {
  mkdirSync(photos);
  copyAll(samplePhotos, names, photos);
  const jpeg = await sharp(join(samplePhotos, 'temple.jpg'))
    .resize(300, 200, { fit: 'fill' })
    .withExif({
      IFD0: { Make: 'Kamerawerk', Model: 'K 1' },
      IFD2: {
        DateTimeOriginal: '2019:07:14 18:30:05',
        OffsetTimeOriginal: '+02:00',
        LensModel: 'Normal 50',
        ExposureTime: '1/250',
        FNumber: '28/10',
        ISOSpeedRatings: '200',
        FocalLength: '50/1',
      },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 36/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '9/1 30/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .withXmp(xmp)
    .jpeg()
    .toBuffer();
  writeFileSync(
    tagged,
    withIptc(jpeg, Buffer.concat([Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47]), iptc(25, 'regatta')])),
  );
  await runJson(['add', photos], options);
});

const search = (text: string, ...more: string[]): Promise<Found> => runJson<Found>(['search', text, ...more], options);

describe('photoseek search', () => {
  it.each(['fused', 'embedding', 'caption', 'words'])('--mode %s answers in the agreed shape', async (mode) => {
    const found = await search('a cat on a red chair', '--mode', mode);
    const rankOrNull = expect.toSatisfy(
      (rank: unknown) => rank === null || (Number.isInteger(rank) && (rank as number) >= 1),
    );
    expect(found).toStrictEqual({
      query: 'a cat on a red chair',
      understood: { texts: ['a cat on a red chair'], chips: [], notes: [] },
      mode,
      hits: found.hits.map(() => ({
        path: expect.stringContaining(`${photos}/`),
        score: expect.any(Number),
        caption: expect.any(String),
        ranks: { embedding: rankOrNull, caption: rankOrNull, words: rankOrNull },
      })),
      indexed: 6,
      pending: 0,
      tookMs: {
        encode: expect.any(Number),
        scan: expect.any(Number),
        fuse: expect.any(Number),
        total: expect.any(Number),
      },
    });
    const scores = found.hits.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    if (mode !== 'words') expect(new Set(found.hits.map(({ path }) => path)).size).toBe(6);
    if (mode !== 'fused') {
      const ranks = found.hits.map((hit) => hit.ranks[mode as keyof Hit['ranks']]);
      expect(ranks).toEqual(found.hits.map((_, index) => index + 1));
    }
  });

  it('asks for fused ranking and twenty photos by default, and for as many as wanted', async () => {
    expect(await search('a dog')).toMatchObject({ mode: 'fused' });
    expect((await search('a dog', '--limit', '2')).hits).toHaveLength(2);
    expect((await search('a dog', '--limit', '1000')).hits).toHaveLength(6);
  });

  it('answers the same twice', async () => {
    const [first, second] = [await search('a dog on the beach'), await search('a dog on the beach')];
    expect(second.hits).toEqual(first.hits);
  });

  it.each(['zeppelin', 'großmutter', 'regatta', 'holiday lake', 'HOLIDAY'])(
    'finds "%s" by words of keywords and names',
    async (text) => {
      const [best] = (await search(text, '--mode', 'words')).hits;
      expect(best).toMatchObject({ path: tagged, ranks: { words: 1 } });
    },
  );

  it.each([
    'a temple 2019',
    'a temple in germany',
    'a temple near Friedrichshafen',
    'rating:4',
    'portrait a temple july 2019',
    '"zeppelin" temple',
    'shot with kamerawerk',
    'temple before 2020',
  ])('"%s" finds the one photo that fulfils the conditions', async (text) => {
    const found = await search(text);
    expect(found.hits.map(({ path }) => path)).toEqual([tagged]);
    expect(found.understood.chips).not.toEqual([]);
    expect(found.understood.notes).toEqual([]);
  });

  it('leaves out what is denied by a condition, and takes either side of OR', async () => {
    const without = await search('a temple -"zeppelin"');
    expect(without.hits).toHaveLength(5);
    expect(without.hits.map(({ path }) => path)).not.toContain(tagged);
    expect((await search('rating:4 OR folder:photos')).hits).toHaveLength(6);
  });

  it('finds nothing by conditions that nothing fulfils, and not everything', async () => {
    for (const text of ['a cat 1971', 'type:gif', 'a cat in iceland', 'is:favourite'])
      expect((await search(text)).hits).toEqual([]);
  });

  it('finds nothing by words that are nowhere, and says so to people', async () => {
    expect((await search('xylophone', '--mode', 'words')).hits).toEqual([]);
    const { code, stdout } = await runCli(['search', 'xylophone', '--mode', 'words'], options);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'No photo matches these words\n' });
  });
});

describe('photoseek show', () => {
  it('tells what EXIF, IPTC and XMP say', async () => {
    const shown = await runJson<Record<string, unknown>>(['show', tagged], options);
    expect(shown).toMatchObject({
      path: tagged,
      sha256: hashOf(tagged),
      width: 300,
      height: 200,
      takenAt: expect.stringMatching(/^2019-07-14T18:30:05/),
      offset: '+02:00',
      gps: { lat: expect.closeTo(47.6, 6), lon: expect.closeTo(9.5, 6) },
      camera: { make: 'Kamerawerk', model: 'K 1', lens: 'Normal 50' },
      orientation: 6,
      rating: 4,
      keywords: expect.arrayContaining(['zeppelin', 'Großmutter', 'regatta']),
      caption: { text: expect.any(String), source: 'model', model: 'tiny-starter@1/caption' },
      vectors: [
        { kind: 'image', model: 'tiny-starter@1/image', dim: 5 },
        { kind: 'caption', model: 'tiny-starter@1/sentence', dim: 4 },
      ],
    });
    expect(shown['takenAt']).not.toMatch(/[Z+]/);
  });

  it('has null for every absent fact', async () => {
    const shown = await runJson<Record<string, unknown>>(['show', join(photos, 'cat.jpg')], options);
    expect(shown).toMatchObject({
      takenAt: null,
      offset: null,
      gps: null,
      camera: { make: null, model: null, lens: null },
      orientation: null,
      rating: null,
      keywords: [],
    });
  });

  it('finds a photo by a relative path and by a link', async () => {
    const link = folderFor('link.jpg');
    symlinkSync(join(photos, 'cat.jpg'), link);
    expect(await runJson(['show', link], options)).toMatchObject({ path: join(photos, 'cat.jpg') });
  });
});
