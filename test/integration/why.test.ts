// Why a photo was found, over the whole application with real child processes: also where the original is away, and given up when nobody waits.
import { copyFileSync, existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CallCancelled } from '../../preload/contract/client.ts';
import { composeApplication, connectWindow } from '../helpers/application.ts';
import { repository, tinyModels } from '../helpers/cli.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const samples = join(repository, 'docs', 'sample-photos');

const packs = [
  { id: 'tiny-starter', folder: tinyModels },
  { id: 'starter', folder: join(repository, 'native-models', 'packs') },
];

describe.each(packs)('with the pack $id', ({ id, folder }) => {
  const isThere = existsSync(join(folder, id, 'pack.json'));

  it.skipIf(!isThere)('words, shares and region of a photo whose original is away', { timeout: 120_000 }, async () => {
    const photos = folderFor();
    for (const name of ['cat.jpg', 'coffee.jpg', 'rocket-launch.jpg'])
      copyFileSync(join(samples, name), join(photos, name));
    const application = await composeApplication(folderFor(), { packFolders: [folder], packId: id });
    const { api, close } = connectWindow(application);
    const call = { signal: new AbortController().signal };
    const { handlers } = application;
    const { folders } = await handlers.library.addFolders({ paths: [photos] }, call);
    await handlers.indexing.run({ folderIds: folders.map((one) => one.id) }, call);
    const { hits } = await handlers.search.find({ text: 'cat', mode: 'words', limit: 3 }, call);
    const photoId = hits.find(({ path }) => path.endsWith('cat.jpg'))?.photoId ?? 0;
    unlinkSync(join(photos, 'cat.jpg'));

    const quick = await api.search.explain({ text: 'cats', photoId, region: false });
    expect(quick.region).toBeNull();
    expect(quick.words.at(-1)).toEqual({
      source: 'names',
      text: expect.stringContaining('cat'),
      spans: [expect.any(Array)],
    });
    // The picture's own share depends on the models; asked of the picture alone it is all of it.
    const leaving = new AbortController();
    const left = api.search.explain({ text: 'a cat', photoId, mode: 'embedding' }, { signal: leaving.signal });
    leaving.abort();
    await expect(left).rejects.toBeInstanceOf(CallCancelled);
    const startedAt = performance.now();
    const cold = await api.search.explain({ text: 'a cat', photoId, mode: 'embedding' });
    const coldMs = performance.now() - startedAt;
    expect(cold.shares).toEqual({ embedding: 1, caption: 0, own: 0, words: 0 });
    const again = performance.now();
    const warm = await api.search.explain({ text: 'an animal’s face', photoId, mode: 'embedding' });
    const warmMs = performance.now() - again;
    if (id === 'starter') expect(cold.region?.values.length).toBe(144);
    for (const told of [cold, warm]) {
      expect(told.region?.values.every((value) => value >= 0 && value <= 1) ?? true).toBe(true);
    }
    expect(warmMs).toBeLessThan(coldMs);
    close();
    await application.close();
  });
});
