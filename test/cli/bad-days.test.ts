// What status and doctor say on bad days, as real processes: the words that the window shows as notices.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderBanners } from '../../main/services/shell/folder-banners.ts';
import { openForWriting } from '../../main/store/open-database.ts';
import { type CliOptions, runCli, runJson } from '../helpers/cli.ts';
import { makePhotos } from '../helpers/photo-fixtures.ts';
import { startServe } from '../helpers/serve.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const patient = { timeout: 120_000 };
const problemsOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith('PROBLEM: ') ? [line.slice('PROBLEM: '.length)] : []));
/** Whether this machine allows many watches is its own affair. */
const ofLibrary = (problems: readonly string[]): string[] =>
  problems.filter((line) => !line.includes('folder watches'));

describe('status and doctor', patient, () => {
  const photos = join(folderFor('home'), 'Pictures');
  const options: CliOptions = { library: folderFor('library') };

  beforeAll(async () => {
    await makePhotos(photos, 2);
    await runJson(['add', photos], options);
  });

  it('say that a folder is not connected, in the words of the window, and nothing once it is back', async () => {
    const said = folderBanners([{ name: 'Pictures', state: 'offline', problem: null, vanished: 0 }]).map(
      ({ text }) => text,
    );
    expect(said).toHaveLength(1);
    renameSync(photos, `${photos} elsewhere`);
    expect(problemsOf((await runCli(['status'], options)).stdout)).toEqual(said);
    const doctor = await runCli(['doctor'], options);
    expect(ofLibrary(problemsOf(doctor.stdout))).toEqual(said);
    expect(doctor.code).toBe(0);
    renameSync(`${photos} elsewhere`, photos);
    expect(problemsOf((await runCli(['status'], options)).stdout)).toEqual([]);
    expect(ofLibrary(problemsOf((await runCli(['doctor'], options)).stdout))).toEqual([]);
  });

  it('doctor says that another program owns the library; status, which only ever reads, does not', async () => {
    const served = await startServe(options);
    const { problems } = await runJson<{ problems: string[] }>(['doctor'], options);
    expect(ofLibrary(problems)).toEqual([expect.stringMatching(/^Another Photoseek has this library open\./)]);
    expect(problemsOf((await runCli(['status'], options)).stdout)).toEqual([]);
    process.kill(served.pid, 'SIGTERM');
    await served.done;
    expect(problemsOf((await runCli(['status'], options)).stdout)).toEqual([]);
  });

  it('a library of a newer version is left alone, and which version is wanted is said', async () => {
    const db = openForWriting(join(options.library, 'library.db'), 99_990);
    db.pragma('user_version = 99990');
    db.close();
    for (const command of ['status', 'doctor', 'serve']) {
      const { code, stdout, stderr } = await runCli([command], options);
      expect([command, code, stdout]).toEqual([command, 3, '']);
      expect(stderr).toMatch(/written by a newer Photoseek \(format 99990; .*Nothing was changed\.\n$/);
      expect(stderr).not.toMatch(/delete/i);
    }
  });
});
