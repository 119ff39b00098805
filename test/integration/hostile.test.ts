// Folders of broken, lying and odd files: add ends by itself, says of every file what became of it, and stays small.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliOptions, descendants, repository, residentBytes, samplePhotos, startCli } from '../helpers/cli.ts';
import { copyAll, makeBrokenFiles } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, folderState, withLibrary } from '../helpers/temp-library.ts';

interface AddResult {
  photos: { found: number; indexed: number; unchanged: number; failed: number };
  failures: { path: string; code: string; message: string }[];
}

const folderFor = fileScopedFolders();
const robustness = join(repository, '../shared/data/robustness');
const corpus = ['broken', 'fuzz', 'odd-but-valid', 'raw-headers'].map((name) => join(robustness, name));
const mostBytes = 1.5e9;

/** Runs add to its end, and measures the resident memory of all of its processes together. Linux only; elsewhere the peak is 0. */
async function addHostile(folders: readonly string[], options: CliOptions): Promise<AddResult & { peakBytes: number }> {
  const run = startCli(['--json', 'add', ...folders], options);
  let peakBytes = 0;
  const sampler = setInterval(() => {
    const now = [run.pid, ...descendants(run.pid)].reduce((sum, pid) => sum + residentBytes(pid), 0);
    peakBytes = Math.max(peakBytes, now);
  }, 25);
  if (process.platform !== 'linux') clearInterval(sampler);
  const { code, stdout, stderr } = await run.done;
  clearInterval(sampler);
  // Nothing but the one object: no process, library or decoder had anything to say on the side.
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { ...(JSON.parse(stdout) as AddResult), peakBytes };
}

/** Files and jobs that have neither been done nor failed for a stated reason. */
function unsettled(library: string): unknown[] {
  return withLibrary(library, (db) =>
    db
      .prepare(
        `SELECT rel_path AS what, state FROM files WHERE state NOT IN ('known', 'failed') OR (state = 'failed' AND coalesce(error_code, '') = '')
         UNION ALL SELECT photo_id, state FROM jobs WHERE state NOT IN ('done', 'failed') OR (state = 'failed' AND coalesce(error_code, '') = '')`,
      )
      .all(),
  );
}

function expectReasons({ photos, failures }: AddResult, library: string): void {
  expect(photos.indexed + photos.unchanged + photos.failed).toBe(photos.found);
  expect(new Set(failures.map(({ path }) => path)).size).toBe(photos.failed);
  expect(unsettled(library)).toEqual([]);
  // A sentence for people: one line, ended, without a stack, a path of sources or anything unknown.
  const unclear = failures.filter(
    ({ code, message }) =>
      !/^(decode|fs|model)\/[a-z-]+$/.test(code) ||
      !/^[^\n\r\t]{10,240}$/.test(message) ||
      /undefined|\[object|Error:|\.ts:|node_modules|\bNaN\b/.test(message),
  );
  expect(unclear).toEqual([]);
}

describe('hostile files', () => {
  it('made here: every one has a state, good ones beside them are done, and it is the same twice', {
    timeout: 90_000,
  }, async () => {
    const folder = folderFor('hostile');
    const names = await makeBrokenFiles(folder);
    copyAll(samplePhotos, ['cat.jpg', 'clock.jpg'], folder);
    const before = folderState(folder);
    const first: CliOptions = { library: folderFor('first') };
    const second: CliOptions = { library: folderFor('second') };
    const result = await addHostile([folder], first);
    expect(result.photos.found).toBe(names.length + 2);
    expectReasons(result, first.library);
    expect(result.peakBytes).toBeLessThan(mostBytes);
    const failed = new Map(result.failures.map(({ path, code }) => [path.slice(folder.length + 1), code]));
    expect(
      Object.fromEntries(
        [
          'empty.jpg',
          'zeros.jpg',
          'bomb.png',
          'wide-bomb.png',
          'no-width.png',
          'drawing.jpg',
          'drawing.svg',
          'page.jpg',
          'cut-header.jpg',
          'cat.jpg',
          'png-named.jpg',
          'nameless',
          'two-pictures.jpg',
        ].map((name) => [name, failed.get(name) ?? 'done']),
      ),
    ).toEqual({
      'empty.jpg': 'decode/empty',
      'zeros.jpg': 'decode/unsupported',
      'bomb.png': 'decode/too-large',
      'wide-bomb.png': 'decode/corrupt',
      'no-width.png': 'decode/corrupt',
      'drawing.jpg': 'decode/unsupported',
      'drawing.svg': 'decode/unsupported',
      'page.jpg': 'decode/unsupported',
      'cut-header.jpg': 'decode/corrupt',
      'cat.jpg': 'done',
      'png-named.jpg': 'done',
      nameless: 'done',
      'two-pictures.jpg': 'done',
    });
    const again = await addHostile([folder], second);
    expect({ photos: again.photos, failures: again.failures }).toEqual({
      photos: result.photos,
      failures: result.failures,
    });
    const third = await addHostile([folder], second);
    expect(third.photos).toEqual({ ...result.photos, indexed: 0, unchanged: result.photos.indexed });
    expect(folderState(folder)).toEqual(before);
  });

  it.skipIf(!corpus.every(existsSync))(
    'of public collections: every one has a state',
    { timeout: 180_000 },
    async () => {
      const options: CliOptions = { library: folderFor('library') };
      const result = await addHostile(corpus, options);
      expect(result.photos.found).toBeGreaterThan(700);
      expect(result.photos.indexed).toBeGreaterThan(250);
      expectReasons(result, options.library);
      expect(result.peakBytes).toBeLessThan(mostBytes);
      // A process that ended under a file would have left a strike, and two a poison: here no decoder ever did.
      expect(result.failures.filter(({ code }) => code === 'decode/poison')).toEqual([]);
    },
  );
});
