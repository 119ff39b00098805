// A search file that is not exactly what was saved is never given to native code: the manifest, its checksum, sizes and hashes stand before it.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest, type SideIdentity, writeManifest } from '../../main/vectors/side-index/manifest.ts';
import { createSideStore } from '../../main/vectors/side-index/side-store.ts';
import { memoryFolder } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { photosSaved, saveSmall, smallGraph, smallIdentity } from '../helpers/small-index.ts';
import { seededRandom } from '../unit/main/vectors/synthetic-vectors.ts';

const photos = 60;
const flips = figure(1_000, 20_000);

async function savedIn(folder: string, identity: SideIdentity = smallIdentity, count = photos): Promise<string> {
  await saveSmall(createSideStore({ folder, writes: true }), await smallGraph(count, identity.dim), identity);
  return folder;
}

/** What a load of a copy of `folder` gives after `damage`, and what is left of it. */
async function refusal(
  folder: string,
  damage: (copy: string) => void,
  wanted: SideIdentity = smallIdentity,
  lastSeq = photos,
): Promise<{ given: boolean; doubts: string[]; left: string[] }> {
  const copy = join(folder, '..', 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  damage(copy);
  const doubts: string[] = [];
  const store = createSideStore({ folder: copy, writes: true, onDoubt: (reason) => doubts.push(reason) });
  const given = await store.load(wanted, lastSeq);
  return { given: given !== null, doubts, left: readdirSync(copy) };
}

function folderBeside(): string {
  const folder = join(memoryFolder(), 'saved');
  mkdirSync(folder);
  return folder;
}

function fileOf(folder: string, ending: string): string {
  return join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? '');
}

const refused = { given: false, doubts: [expect.any(String)], left: [] };

describe('promise 31: a bad index file is never loaded', { timeout: 120_000 }, () => {
  it('gives out a good one, so that refusing is not all it does', async () => {
    const folder = await savedIn(folderBeside());
    expect(await refusal(folder, () => undefined)).toMatchObject({ given: true, doubts: [] });
    expect(await photosSaved(folder)).toBe(photos);
  });

  it(`refuses and removes ${flips} copies with one bit flipped`, { timeout: 600_000 }, async () => {
    const folder = await savedIn(folderBeside());
    const random = seededRandom(31);
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(3);
    let caught = 0;
    for (let flip = 0; flip < flips; flip++) {
      const name = names[flip % names.length] as string;
      const outcome = await refusal(folder, (copy) => {
        const bytes = readFileSync(join(copy, name));
        const bit = Math.floor(random() * bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        writeFileSync(join(copy, name), bytes);
      });
      expect(outcome).toEqual(refused);
      caught++;
    }
    reached(31, `${caught} of ${flips} flipped bits refused before native code`);
  });

  it('refuses every truncation, an empty file and a lost one', async () => {
    const folder = await savedIn(folderBeside());
    const random = seededRandom(32);
    let cuts = 0;
    for (const ending of ['.hnsw', '.ids', '.json']) {
      const { length } = readFileSync(fileOf(folder, ending));
      const random20 = Array.from({ length: 20 }, () => Math.floor(random() * length));
      for (const size of [0, 1, length - 1, ...random20]) {
        const outcome = await refusal(folder, (copy) => truncateSync(fileOf(copy, ending), size));
        expect(outcome, `${ending} cut to ${size}`).toEqual(refused);
        cuts++;
      }
      if (ending !== '.json')
        expect(await refusal(folder, (copy) => rmSync(fileOf(copy, ending))), `no ${ending}`).toEqual(refused);
    }
    // Without a manifest there is nothing to be believed, and nothing to be told.
    const bare = await refusal(folder, (copy) => rmSync(fileOf(copy, '.json')));
    expect({ given: bare.given, doubts: bare.doubts }).toEqual({ given: false, doubts: [] });
    reached(31, `${cuts} truncations refused`);
  });

  it('refuses the manifest of another save and files of another dimension', async () => {
    const folder = await savedIn(folderBeside());
    const later = await savedIn(folderBeside(), smallIdentity, photos - 1);
    const wide = await savedIn(folderBeside(), { ...smallIdentity, dim: 32 });
    for (const other of [later, wide]) {
      const swapped = (copy: string): void => cpSync(fileOf(other, '.json'), fileOf(copy, '.json'));
      expect(await refusal(folder, swapped)).toEqual(refused);
    }
    const bytesOfWide = (copy: string): void => cpSync(fileOf(wide, '.hnsw'), fileOf(copy, '.hnsw'));
    expect(await refusal(folder, bytesOfWide)).toEqual(refused);
  });

  it.each([
    ['another dimension', { dim: 32 }],
    ['another number of links', { links: 32 }],
    ['another metric', { metric: 'int8' }],
  ] as const)('refuses a file that says %s', async (_, change) => {
    const folder = await savedIn(folderBeside());
    expect(await refusal(folder, () => undefined, { ...smallIdentity, ...change })).toEqual(refused);
  });

  it('refuses a manifest that is sound in itself and of another model, format or future', async () => {
    const folder = await savedIn(folderBeside());
    const rewritten = (change: object) => (copy: string) => {
      const file = fileOf(copy, '.json');
      const manifest = readManifest(readFileSync(file, 'utf8'));
      if (!manifest) throw new Error('the saved manifest cannot be read');
      writeFileSync(file, writeManifest({ ...manifest, ...change }));
    };
    expect(await refusal(folder, rewritten({}))).toMatchObject({ given: true });
    for (const change of [{ modelId: 'pack@2/image' }, { kind: 'caption' }, { format: 2 }, { appliedSeq: photos + 1 }])
      expect(await refusal(folder, rewritten(change)), JSON.stringify(change)).toEqual(refused);
    const outside = { files: [{ name: '../../../etc/hostname', bytes: 1, sha256: '' }] };
    expect(await refusal(folder, rewritten(outside))).toEqual(refused);
  });

  it('knows nothing of another model beside it, and leaves it in place', async () => {
    const folder = await savedIn(folderBeside());
    const other = { ...smallIdentity, modelId: 'pack@2/image' };
    const outcome = await refusal(folder, () => undefined, other);
    expect(outcome).toMatchObject({ given: false, doubts: [] });
    expect(outcome.left).toHaveLength(3);
  });
});
