// A file whose bytes end the process that decodes them stops nothing: it is left out by its hash, every other photo is done.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostPorts } from '../../main/platform/host-ports.ts';
import { forkWorker } from '../../main/platform/worker-port.ts';
import { openApplication } from '../helpers/application.ts';
import { figure, reached } from '../helpers/figure.ts';
import { makePhotos } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, hashOf, withLibrary } from '../helpers/temp-library.ts';

const photoCount = figure(1_000, 10_000);
const folderFor = fileScopedFolders();
const entry = new URL('../fixtures/inference/poisoned.ts', import.meta.url);

/** Children that end under the given bytes; `ended` counts those that did. */
function poisonedBy(sha256: string, env: Record<string, string> = {}) {
  const count = { ended: 0 };
  const spawnInference: HostPorts['spawnInference'] = () => {
    const port = forkWorker(entry, { env: { POISON_SHA256: sha256, ...env } });
    port.onExit((reason) => {
      if (reason === 'SIGKILL') count.ended++;
    });
    return port;
  };
  return { spawnInference, count };
}

/** As a run tells it, and how many children ended in it. Children are killed when an application closes, too: those do not count. */
async function indexed(library: string, children: ReturnType<typeof poisonedBy>, ports: Partial<HostPorts> = {}) {
  const { api, close } = await openApplication(library, { spawnInference: children.spawnInference, ...ports });
  const before = children.count.ended;
  const { photos, failures } = await api.indexing.run({ folderIds: [] });
  const ended = children.count.ended - before;
  return { photos, failures: failures.map(({ code }) => code), ended, api, close };
}

async function register(library: string, photos: string): Promise<void> {
  const { api, close } = await openApplication(library);
  await api.library.addFolders({ paths: [photos] });
  await close();
}

describe('promise 40: a poison file stops nothing', () => {
  it(`of ${photoCount} files all but the poison are done; a copy of it costs no further try`, {
    timeout: 120_000,
  }, async () => {
    const photos = folderFor('photos');
    const library = folderFor('library');
    const paths = await makePhotos(photos, photoCount);
    const poison = paths[Math.floor(photoCount / 3)] as string;
    await register(library, photos);
    const children = poisonedBy(hashOf(poison));
    const first = await indexed(library, children);
    expect(first.photos).toEqual({ found: photoCount, indexed: photoCount - 1, unchanged: 0, failed: 1 });
    expect(first.failures).toEqual(['decode/poison']);
    // Two tries; in each it ends one child with its batch and then one alone, so that nobody else is blamed.
    expect(first.ended).toBeGreaterThanOrEqual(2);
    expect(first.ended).toBeLessThanOrEqual(4);
    expect(strikes(library)).toEqual([{ sha256: hashOf(poison), strikes: 2 }]);
    await first.close();

    mkdirSync(join(photos, 'copies'));
    for (const name of ['same.jpg', 'and again.png']) copyFileSync(poison, join(photos, 'copies', name));
    const second = await indexed(library, children);
    expect(second).toMatchObject({ ended: 0, photos: { found: photoCount + 2, unchanged: photoCount - 1, failed: 3 } });
    await second.close();
    reached(
      40,
      `${photoCount - 1} of ${photoCount} photos done, the poison left out after 2 tries, 0 tries of 2 copies`,
    );
  });

  it('it is not tried with other models, but with another decoder, and where the person asks', {
    timeout: 120_000,
  }, async () => {
    const photos = folderFor('photos');
    const library = folderFor('library');
    const paths = await makePhotos(photos, 6);
    const hash = hashOf(paths[2] as string);
    await register(library, photos);
    const children = poisonedBy(hash);
    await (await indexed(library, children)).close();

    const otherModels = await indexed(library, children, { packId: 'tiny-large' });
    expect(otherModels).toMatchObject({ ended: 0, photos: { indexed: 5, failed: 1 }, failures: ['decode/poison'] });
    await otherModels.close();

    const asked = await indexed(library, children, { packId: 'tiny-large' });
    const [failure] = (await asked.api.library.failures({})).failures;
    await asked.api.library.retryFailures({ fileIds: [failure?.fileId ?? 0] });
    const before = children.count.ended;
    await asked.api.indexing.run({ folderIds: [] });
    // It is alone in its batch now; a second lane may have had it in hand at the second end.
    expect(children.count.ended - before).toBeLessThanOrEqual(3);
    expect(children.count.ended - before).toBeGreaterThanOrEqual(2);
    await asked.close();
    // For the same reason a third may be written down; with the second it is left out again.
    const [poison, ...others] = strikes(library);
    expect([poison?.sha256, others]).toEqual([hash, []]);
    expect([2, 3]).toContain(poison?.strikes);

    const mended = poisonedBy('none', { DECODER_VERSION: 'a later one' });
    const otherDecoder = await indexed(library, mended, { packId: 'tiny-large' });
    expect(otherDecoder).toMatchObject({ ended: 0, photos: { indexed: 1, unchanged: 5, failed: 0 } });
    await otherDecoder.close();
    expect(strikes(library)).toEqual([]);
  });
});

function strikes(library: string): { sha256: string; strikes: number }[] {
  return withLibrary(library, (db) =>
    db
      .prepare<[], { sha256: string; strikes: number }>(
        'SELECT lower(hex(sha256)) AS sha256, strikes FROM poisons ORDER BY sha256',
      )
      .all(),
  );
}
