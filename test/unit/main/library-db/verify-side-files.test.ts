// A look at the whole library finds damaged search files too, drops them, and knows them to be derived; those of another version are no damage.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Manifest, sideFormat, writeManifest } from '../../../../main/vectors/side-index/manifest.ts';
import { temporaryLibrary } from '../../../helpers/library-db.ts';

async function libraryWith(manifest: string) {
  const { db, folder } = await temporaryLibrary();
  const files = join(folder, 'cache', 'vectors');
  mkdirSync(files, { recursive: true });
  const file = join(files, 'graph-1.json');
  writeFileSync(file, manifest);
  return { db, file };
}

it('reports and drops a damaged search file, and finds nothing the next time', { timeout: 60_000 }, async () => {
  const { db, file } = await libraryWith('not a manifest');
  const report = await db.verify({ now: 5_000 });
  expect(report.problems).toEqual([expect.stringContaining('graph-1')]);
  expect(report.repaired).toHaveLength(1);
  expect({ lost: report.lost, left: report.left }).toEqual({ lost: [], left: [] });
  expect(existsSync(file)).toBe(false);
  expect((await db.verify({ now: 6_000 })).problems).toEqual([]);
});

it.each([-1, 1])(
  'drops a search file of a format %i away, and calls nothing damaged',
  { timeout: 60_000 },
  async (away) => {
    const manifest: Manifest = {
      ...{ structure: 'graph', kind: 'image', modelId: 'm', dim: 4, metric: 'ip', links: 16 },
      ...{ count: 1, appliedSeq: 1, latest: [1], format: sideFormat + away },
      files: [{ name: 'graph-1.gone.hnsw', bytes: 9, sha256: 'of a layout that this program does not know' }],
    };
    const { db, file } = await libraryWith(writeManifest(manifest));
    const { problems, repaired, lost, left } = await db.verify({ now: 5_000 });
    expect({ problems, repaired, lost, left }).toEqual({ problems: [], repaired: [], lost: [], left: [] });
    expect(existsSync(file)).toBe(false);
  },
);
