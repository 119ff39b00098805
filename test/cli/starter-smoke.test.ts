// The pack that ships, through the command line: photos of the repository are captioned and found. Runs where the pack is.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CliOptions, repository, runJson, samplePhotos } from '../helpers/cli.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';

const models = join(repository, 'native-models/packs');
const isThere = existsSync(join(models, 'starter/pack.json'));

describe.skipIf(!isThere)('with the starter pack', () => {
  const folderFor = fileScopedFolders();
  // The shipped pack is found without a word about where it is.
  const options: CliOptions = { library: folderFor('library'), models: folderFor('none'), pack: 'starter' };

  beforeAll(async () => {
    const { photos } = await runJson<{ photos: unknown }>(['add', samplePhotos], options);
    expect(photos).toEqual({ found: 11, indexed: 11, unchanged: 0, failed: 0 });
  }, 120_000);

  it.each([
    ['a cat', 'cat.jpg'],
    ['a cup of coffee', 'coffee.jpg'],
    ['a rocket taking off', 'rocket-launch.jpg'],
    ['a woman in an orange space suit', 'astronaut.jpg'],
    ['a man taking a photograph', 'photographer.jpg'],
    ['a flower', 'flower.jpg'],
  ])('"%s" is answered by %s among the first three', async (text, name) => {
    const { hits } = await runJson<{ hits: { path: string }[] }>(
      ['search', text, '--mode', 'embedding', '--limit', '3'],
      options,
    );
    expect(hits.map(({ path }) => basename(path))).toContain(name);
  });

  it('captions are sentences, and differ', async () => {
    const { captions } = await runJson<{ captions: { caption: string }[] }>(
      [
        'caption',
        ...['cat.jpg', 'coffee.jpg', 'rocket-launch.jpg', 'photographer.jpg'].map((name) => join(samplePhotos, name)),
      ],
      options,
    );
    const texts = captions.map(({ caption }) => caption);
    expect(texts.filter((text) => text.split(' ').length < 3)).toEqual([]);
    expect(new Set(texts).size).toBeGreaterThan(2);
  });

  it('doctor has nothing to say against it', async () => {
    expect(await runJson(['doctor'], options)).toMatchObject({
      packs: expect.arrayContaining([expect.objectContaining({ id: 'starter', active: true, state: 'ok' })]),
    });
  });
});
