// photoseek add as a person runs it: what is found, what is done again and what is not, and how it is stopped.
import { cpSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CliOptions, runCli, runJson, samplePhotos, startCli, until, works } from '../helpers/cli.ts';
import { makePhotos, patchesJpeg } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, folderState, libraryRows, storedResults, withLibrary } from '../helpers/temp-library.ts';

interface AddResult {
  photos: { found: number; indexed: number; unchanged: number; failed: number };
  failures: { path: string; code: string; message: string }[];
  seconds: number;
}

interface Status {
  photos: number;
  indexed: number;
  pending: number;
  failed: number;
}

const folderFor = fileScopedFolders();
const add = (folder: string, options: CliOptions): Promise<AddResult> => runJson<AddResult>(['add', folder], options);

/** The highest entry of the log of vector changes: it moves with every vector that is written, and with nothing else here. */
function lastVectorChange(library: string): number {
  return withLibrary(library, (db) => db.prepare<[], number>('SELECT max(seq) FROM vec_log').pluck().get() ?? 0);
}

describe('photoseek add', () => {
  const photos = folderFor('photos');
  const options: CliOptions = { library: folderFor('library') };
  const { library } = options;

  beforeAll(async () => {
    cpSync(samplePhotos, photos, { recursive: true });
    await makePhotos(join(photos, 'made'), 4);
  });

  it('indexes a folder and answers in the agreed shape', async () => {
    const result = await add(photos, options);
    expect(result).toEqual({
      photos: { found: 15, indexed: 15, unchanged: 0, failed: 0 },
      failures: [],
      seconds: expect.any(Number),
    });
    expect(Object.keys(storedResults(library))).toHaveLength(15);
  });

  it('does nothing the second time', async () => {
    const before = storedResults(library);
    const change = lastVectorChange(library);
    expect((await add(photos, options)).photos).toEqual({ found: 15, indexed: 0, unchanged: 15, failed: 0 });
    expect(storedResults(library)).toEqual(before);
    expect(lastVectorChange(library)).toBe(change);
  });

  it('indexes new and changed files only; copies, moves and new times cost no inference', async () => {
    const before = storedResults(library);
    const change = lastVectorChange(library);
    const made = join(photos, 'made/album-0');
    cpSync(join(photos, 'cat.jpg'), join(photos, 'cat (copy).jpg'));
    mkdirSync(join(photos, 'elsewhere'));
    renameSync(join(photos, 'coffee.jpg'), join(photos, 'elsewhere/renamed.jpg'));
    utimesSync(join(photos, 'clock.jpg'), 1_000, 1_000);
    await add(photos, options);
    expect(storedResults(library)).toEqual(before);
    // A moved photo never leaves the index; had anything been looked at again, its vectors would have been written.
    expect(lastVectorChange(library) - change).toBe(0);
    expect(withLibrary(library, (db) => db.prepare('SELECT count(*) FROM jobs').pluck().get())).toBe(30);

    writeFileSync(join(made, 'new.jpg'), await patchesJpeg(900));
    writeFileSync(join(made, 'photo-0001.jpg'), await patchesJpeg(901));
    const { photos: counts } = await add(photos, options);
    expect(counts).toEqual({ found: 17, indexed: 2, unchanged: 15, failed: 0 });
    // Two photos with two vectors each, and the photo whose only file was overwritten leaves the index with its two.
    expect(lastVectorChange(library) - change).toBe(6);
    const status = await runJson<Status>(['status'], options);
    expect(status).toMatchObject({ photos: 16, indexed: 16, pending: 0, failed: 0 });
  });

  it('leaves deleted photos out, and takes them back as they were', async () => {
    const before = storedResults(library);
    const aside = folderFor('aside.jpg');
    renameSync(join(photos, 'flower.jpg'), aside);
    expect((await add(photos, options)).photos.found).toBe(16);
    expect(await runJson<Status>(['status'], options)).toMatchObject({ photos: 15, indexed: 15 });
    renameSync(aside, join(photos, 'flower.jpg'));
    expect((await add(photos, options)).photos).toEqual({ found: 17, indexed: 0, unchanged: 17, failed: 0 });
    expect(storedResults(library)).toEqual(before);
  });

  it('names the photos that failed, and does not fail for them', async () => {
    writeFileSync(join(photos, 'broken.jpg'), 'this is no picture');
    writeFileSync(join(photos, 'notes.txt'), 'this is no picture either, and says so');
    const result = await runCli(['--json', 'add', photos], options);
    expect(result.code).toBe(0);
    const { photos: counts, failures } = JSON.parse(result.stdout) as AddResult;
    expect(counts).toEqual({ found: 18, indexed: 0, unchanged: 17, failed: 1 });
    expect(failures).toEqual([
      { path: join(photos, 'broken.jpg'), code: 'decode/unsupported', message: expect.stringContaining('broken.jpg') },
    ]);
    const people = await runCli(['add', photos], options);
    expect(people.stdout).toContain('18 photos found: 0 indexed, 17 unchanged, 1 failed');
    expect(people.stdout).toContain(failures[0]?.message);
    rmSync(join(photos, 'broken.jpg'));
    expect((await add(photos, options)).photos.failed).toBe(0);
  });

  it('takes several folders, and the same folder twice or by a link, once', async () => {
    const more = folderFor('more');
    await makePhotos(more, 2, 500);
    const result = await runJson<AddResult>(['add', photos, more, more, `${more}/../more/`], options);
    expect(result.photos).toEqual({ found: 19, indexed: 2, unchanged: 17, failed: 0 });
  });
});

describe('streams of add', () => {
  it('keep progress to a terminal', async () => {
    const photos = folderFor('photos');
    await makePhotos(photos, 2);
    const { stdout, stderr, code } = await runCli(['add', photos], { library: folderFor('library') });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^2 photos found: 2 indexed, 0 unchanged, 0 failed, in \d+ s\n$/);
  });

  it.skipIf(!works('script', '-qec', 'true', '/dev/null'))('show progress on a terminal', async () => {
    const photos = folderFor('photos');
    await makePhotos(photos, 60);
    // `script` gives the command a terminal for all of its streams.
    const through = ['sh', '-c', `script -qec '"$0" "$@"' /dev/null < /dev/null`];
    const command = through[2]?.replace(`'"$0" "$@"'`, '"$(printf "%s " "$@")"') ?? '';
    const { stdout } = await runCli(['add', photos], {
      library: folderFor('library'),
      through: ['sh', '-c', command, 'sh'],
    });
    expect(stdout).toMatch(/\[2K(looking|reading|\[)/);
    expect(stdout).toContain('60 photos found: 60 indexed');
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('add, stopped by %s', (signal) => {
  it('stops cleanly, says so, and goes on where it was the next time', { timeout: 60_000 }, async () => {
    const photos = folderFor('photos');
    const options: CliOptions = { library: folderFor('library') };
    await makePhotos(photos, 150);
    const run = startCli(['--json', 'add', photos], options);
    const doneJobs = (): number => {
      try {
        return withLibrary(
          options.library,
          (db) => db.prepare<[], number>(`SELECT count(*) FROM jobs WHERE state = 'done'`).pluck().get() ?? 0,
        );
      } catch {
        return 0; // not made yet
      }
    };
    await until(() => doneJobs() > 0);
    // As a terminal does for Ctrl+C: to every process of the group.
    process.kill(-run.pid, signal);
    const { code, stdout, stderr } = await run.done;
    expect({ code, stdout, stderr }).toEqual({
      code: 130,
      stdout: '',
      stderr: 'stopping; what is done is kept\nstopped; run the same command again to go on\n',
    });
    const status = await runJson<Status>(['status'], options);
    expect(status.indexed).toBeGreaterThan(0);
    expect(status.indexed).toBeLessThan(150);
    expect(status.failed).toBe(0);
    const kept = storedResults(options.library);
    const { photos: counts } = await add(photos, options);
    expect(counts).toMatchObject({ found: 150, failed: 0 });
    expect(counts.indexed).toBe(150 - counts.unchanged);
    expect(counts.unchanged).toBeGreaterThan(0);
    const after = storedResults(options.library);
    const done = Object.entries(kept).filter(([, results]) => !results.startsWith('[] '));
    expect(done.filter(([sha, results]) => after[sha] !== results)).toEqual([]);
  });
});

describe('one library, two processes', () => {
  it('refuses a second add clearly and lets others read', { timeout: 60_000 }, async () => {
    const photos = folderFor('photos');
    const options: CliOptions = { library: folderFor('library') };
    await makePhotos(photos, 1, 700);
    await add(photos, options);
    await makePhotos(photos, 400);
    const first = startCli(['--json', 'add', photos], options);
    await until(() => libraryRows(options.library)['files']?.startsWith('4'));
    // Held where it is, so that it is in the middle for as long as the others take.
    process.kill(-first.pid, 'SIGSTOP');
    const [second, found, status] = await Promise.all([
      runCli(['--json', 'add', photos], options),
      runJson<{ hits: unknown[]; indexed: number; pending: number }>(['search', 'a dog'], options),
      runJson<Status & { mode: string }>(['status'], options),
    ]);
    process.kill(-first.pid, 'SIGCONT');
    expect((await first.done).code).toBe(0);
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 3, stdout: '' });
    expect(second.stderr).toMatch(/^photoseek: .*in use by another Photoseek: close that one.*\n$/);
    expect(found.hits.length).toBeGreaterThan(0);
    expect(found.pending + found.indexed).toBeGreaterThanOrEqual(400);
    expect(status).toMatchObject({ mode: 'reader', failed: 0 });
  });
});

describe('originals', () => {
  it('are the same to the last byte and time after everything was run over them', { timeout: 60_000 }, async () => {
    const photos = folderFor('photos');
    const options: CliOptions = { library: folderFor('library') };
    cpSync(samplePhotos, photos, { recursive: true });
    writeFileSync(join(photos, 'cat.xmp'), '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
    const table = folderFor('captions.tsv');
    writeFileSync(table, 'cat.jpg\ta cat\nclock.jpg\ta clock\n');
    const before = folderState(photos);
    await add(photos, options);
    await runJson(['search', 'a cat'], options);
    await runJson(['show', join(photos, 'cat.jpg')], options);
    await runJson(['caption', join(photos, 'cat.jpg')], options);
    await runJson(['evaluate', '--images', photos, '--captions', table], options);
    await runJson(['doctor'], options);
    expect(folderState(photos)).toEqual(before);
  });
});
