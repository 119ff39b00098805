// A question asked while photos are analysed is answered between two pieces of that work, never behind all of it. A real inference child.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createInferencePool } from '../../main/inference/inference-pool.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { spawnInference } from '../helpers/application.ts';
import { repository, tinyModels } from '../helpers/cli.ts';
import { patchesJpeg } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();

const packs = [
  // The tiny models take no time, so the pictures are large; with true models it is the graph runs that take long.
  { id: 'tiny-starter', folder: tinyModels, side: 2_400 },
  { id: 'starter', folder: `${repository}native-models/packs`, side: 400 },
];

describe.each(packs)('with the pack $id', ({ id, folder, side }) => {
  const isThere = existsSync(join(folder, id, 'pack.json'));

  it.skipIf(!isThere)(
    'several questions are answered, one after the other, before one batch is done',
    { timeout: 90_000 },
    async () => {
      const photos = folderFor();
      const pool = createInferencePool({
        count: 1,
        spawn: spawnInference,
        init: { packFolders: [folder], packId: id, threads: 1 },
        clock: systemClock,
      });
      const requests = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          const path = join(photos, `${index}.jpg`);
          writeFileSync(
            path,
            await sharp(await patchesJpeg(index))
              .resize(side, side)
              .jpeg()
              .toBuffer(),
          );
          return { path, sha256: null, thumbnail: true, embedding: true, caption: true };
        }),
      );
      const [lane] = pool.lanes;
      await lane?.warm({ parts: ['image', 'text', 'captioner'] });

      const order: string[] = [];
      const batch = lane?.analyse({ photos: requests }).then((outcomes) => {
        order.push('batch');
        return outcomes;
      });
      for (const text of ['a dog in the snow', 'two cats', 'the sea at night']) {
        const {
          text: [vector],
        } = await pool.embedText({ texts: [text] }, { signal: new AbortController().signal });
        expect(vector?.length).toBeGreaterThan(1);
        order.push('question');
      }
      expect((await batch)?.map(({ ok }) => ok)).toEqual(requests.map(() => true));
      expect(order).toEqual(['question', 'question', 'question', 'batch']);
      await pool.shutdown();
    },
  );

  it.skipIf(!isThere)(
    'questions are answered while a picture is looked at part by part, which ends where nobody waits any more',
    { timeout: 90_000 },
    async () => {
      const pool = createInferencePool({
        count: 1,
        spawn: spawnInference,
        init: { packFolders: [folder], packId: id, threads: 1 },
        clock: systemClock,
      });
      const [lane] = pool.lanes;
      await lane?.warm({ parts: ['image', 'text'] });
      const bytes = await patchesJpeg(3);
      const { width = 0, height = 0 } = await sharp(bytes).metadata();
      const picture = { bytes, width, height };
      const { signal } = new AbortController();
      const order: string[] = [];
      const looked = pool.parts({ picture }, { signal }).then((parts) => {
        order.push('parts');
        return parts;
      });
      for (const text of ['a dog in the snow', 'two cats', 'the sea at night']) {
        await pool.embedText({ texts: [text] }, { signal });
        order.push('question');
      }
      expect((await looked).length).toBe(25);
      expect(order).toEqual(['question', 'question', 'question', 'parts']);

      const leaving = new AbortController();
      const left = pool.parts({ picture }, { signal: leaving.signal });
      leaving.abort();
      await expect(left).rejects.toMatchObject({ name: 'CancelledError' });
      await pool.shutdown();
    },
  );
});
