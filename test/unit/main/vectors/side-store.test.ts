// The folder of side files: what no space of the library uses any more does not stay in it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSideStore } from '../../../../main/vectors/side-index/side-store.ts';
import { saveSmall, smallGraph, smallIdentity } from '../../../helpers/small-index.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const old = { ...smallIdentity, modelId: 'pack@0/image' };

async function folderOfTwoPacks(): Promise<string> {
  const folder = folderOf();
  const store = createSideStore({ folder, writes: true });
  await saveSmall(store, await smallGraph(20), old);
  // What a killed save left, of a structure that has no manifest.
  const stem = (readdirSync(folder)[0] as string).split('.')[0] as string;
  writeFileSync(join(folder, `${stem.replace('graph', 'rows')}.rows.new`), 'cut off');
  await saveSmall(store, await smallGraph(20));
  writeFileSync(join(folder, 'notes.txt'), 'not ours');
  return folder;
}

it('removes the files of packs that the library has no vectors of, and nothing else', async () => {
  const folder = await folderOfTwoPacks();
  expect(readdirSync(folder)).toHaveLength(8);
  const store = createSideStore({ folder, writes: true });
  await store.keepOnly([smallIdentity, { ...smallIdentity, kind: 'caption' }]);
  expect(readdirSync(folder)).toHaveLength(4);
  expect(readdirSync(folder)).toContain('notes.txt');
  expect(await store.load(smallIdentity, 20)).not.toBeNull();
});

it('removes nothing where the program may only read, and bears that there is no folder', async () => {
  const folder = await folderOfTwoPacks();
  await createSideStore({ folder, writes: false }).keepOnly([]);
  expect(readdirSync(folder)).toHaveLength(8);
  await createSideStore({ folder: join(folder, 'none'), writes: true }).keepOnly([]);
});
