// A check of side files by themselves: what is sound is counted, what is not is named and removed when asked.
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkSideFiles } from '../../../../main/vectors/side-index/check-side-files.ts';
import {
  type Manifest,
  readManifest,
  sideFormat,
  writeManifest,
} from '../../../../main/vectors/side-index/manifest.ts';
import { createSideStore, type SideStore } from '../../../../main/vectors/side-index/side-store.ts';
import { saveSmall, smallGraph, smallIdentity } from '../../../helpers/small-index.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const beforeCall = vi.hoisted(() => vi.fn<(name: string) => Promise<void> | void>());

vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const real = await importOriginal();
  const hooked =
    (name: 'readFile' | 'stat' | 'open') =>
    async (...input: never[]) => {
      await beforeCall(name);
      return (real[name] as (...input: never[]) => Promise<unknown>)(...input);
    };
  return { ...real, readFile: hooked('readFile'), stat: hooked('stat'), open: hooked('open') } as typeof real;
});

async function savedFolder(): Promise<string> {
  const folder = folderOf();
  const store = createSideStore({ folder, writes: true });
  await saveSmall(store, await smallGraph(20));
  await saveSmall(store, await smallGraph(20), { ...smallIdentity, kind: 'caption' });
  return folder;
}

describe('checkSideFiles', () => {
  it('counts sound files, and finds none where there is no folder', async () => {
    const folder = await savedFolder();
    expect(await checkSideFiles(folder, { remove: true })).toEqual({ sound: 2, damaged: [], outdated: [] });
    expect(await checkSideFiles(join(folder, 'none'), { remove: true })).toEqual({
      sound: 0,
      damaged: [],
      outdated: [],
    });
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it.each([
    ['.json', 'its manifest is damaged'],
    ['.hnsw', 'a file is damaged'],
    ['.ids', 'a file is damaged'],
  ])('names what is wrong with a cut %s, and removes all of its set when asked', async (ending, wrong) => {
    const folder = await savedFolder();
    truncateSync(join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) as string), 10);
    const found = await checkSideFiles(folder, { remove: false });
    expect(found).toEqual({ sound: 1, damaged: [expect.stringContaining(wrong)], outdated: [] });
    expect(readdirSync(folder)).toHaveLength(6);
    expect(await checkSideFiles(folder, { remove: true })).toEqual(found);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(await checkSideFiles(folder, { remove: true })).toEqual({ sound: 1, damaged: [], outdated: [] });
  });

  it('calls what another version made outdated, not damaged, and removes it when asked', async () => {
    const folder = await savedFolder();
    const manifestFile = join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) as string);
    const manifest = readManifest(readFileSync(manifestFile, 'utf8')) as Manifest;
    writeFileSync(manifestFile, writeManifest({ ...manifest, format: sideFormat - 1 }));
    const found = await checkSideFiles(folder, { remove: true });
    expect(found).toEqual({
      sound: 1,
      damaged: [],
      outdated: [expect.stringMatching(/^graph-.*: of an older version$/)],
    });
    expect(readdirSync(folder)).toHaveLength(3);
  });

  describe.each(['readFile', 'stat', 'open'])('while a search process is at work, before it calls %s', (call) => {
    /** A folder with one set, and what happens to it in the middle of the check. */
    async function during(happens: (store: SideStore) => Promise<void>) {
      const folder = folderOf();
      const store = createSideStore({ folder, writes: true });
      await saveSmall(store, await smallGraph(20));
      beforeCall.mockImplementation(async (name) => {
        if (name !== call) return;
        beforeCall.mockReset();
        await happens(store);
      });
      const found = await checkSideFiles(folder, { remove: true });
      return { found, left: readdirSync(folder) };
    }

    it('leaves out a set that is removed', async () => {
      const { found, left } = await during((store) => store.discard(smallIdentity));
      expect(found).toEqual({ sound: 0, damaged: [], outdated: [] });
      expect(left).toEqual([]);
    });

    it('looks at the set that takes the place of the one before', async () => {
      const { found, left } = await during(async (store) => saveSmall(store, await smallGraph(30)));
      expect(found).toEqual({ sound: 1, damaged: [], outdated: [] });
      expect(left).toHaveLength(3);
    });
  });

  it('takes a stranger’s file for a damaged one', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'graph-x.json'), '{}');
    expect((await checkSideFiles(folder, { remove: false })).damaged).toHaveLength(1);
  });
});
