// A check of side files by themselves: what is sound is counted, what is not is named and removed when asked.
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSideFiles } from '../../../../main/vectors/side-index/check-side-files.ts';
import { createSideStore } from '../../../../main/vectors/side-index/side-store.ts';
import { saveSmall, smallGraph, smallIdentity } from '../../../helpers/small-index.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

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
    expect(await checkSideFiles(folder, { remove: true })).toEqual({ sound: 2, damaged: [] });
    expect(await checkSideFiles(join(folder, 'none'), { remove: true })).toEqual({ sound: 0, damaged: [] });
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it.each([
    ['.json', 'its manifest is damaged'],
    ['.hnsw', 'a file is damaged'],
    ['.ids', 'a file is damaged'],
  ])('names what is wrong with a cut %s, and removes the manifest alone when asked', async (ending, wrong) => {
    const folder = await savedFolder();
    truncateSync(join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) as string), 10);
    const found = await checkSideFiles(folder, { remove: false });
    expect(found).toEqual({ sound: 1, damaged: [expect.stringContaining(wrong)] });
    expect(readdirSync(folder)).toHaveLength(6);
    expect(await checkSideFiles(folder, { remove: true })).toEqual(found);
    expect(await checkSideFiles(folder, { remove: true })).toEqual({ sound: 1, damaged: [] });
  });

  it('takes a stranger’s file for a damaged one', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'graph-x.json'), '{}');
    expect((await checkSideFiles(folder, { remove: false })).damaged).toHaveLength(1);
  });
});
