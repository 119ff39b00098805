// A whole day's use over real photos: every database connection has the settings that durability rests on, and no original is touched.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { canMount, repository, runCli, samplePhotos } from '../helpers/cli.ts';
import { type ChildEnd, canInject, runChild } from '../helpers/faults.ts';
import { reached } from '../helpers/figure.ts';
import { originalsIn } from '../helpers/originals.ts';
import { makePhotos } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';

const day = fileURLToPath(new URL('children/whole-day.ts', import.meta.url));
const spy = fileURLToPath(new URL('children/connection-spy.ts', import.meta.url));
const folderFor = fileScopedFolders();
const work = folderFor();
const photos = join(work, 'photos');
const library = join(work, 'library');
const connections = join(work, 'connections');
const record = join(work, 'calls');
const commands = ['add', 'status', 'search', 'show', 'caption', 'backup', 'verify', 'export', 'doctor'];

/** Every call that could change a file or a folder, or what is noted of it. */
const changing =
  'open,openat,openat2,creat,truncate,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,utime,utimes,utimensat,futimesat,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,fallocate,ftruncate';

/** A shell that makes the photos read-only, proves it, and becomes the command; with every such call on record where strace is there. */
function overReadOnlyPhotos(): string[] {
  const trace = canInject ? `strace -f -qq --seccomp-bpf -y -A -e trace=${changing} -o "${record}"` : '';
  const line = `mount --bind "${photos}" "${photos}" && mount -o remount,bind,ro "${photos}" && ! touch "${photos}/x" 2>/dev/null && exec ${trace} "$@"`;
  return ['unshare', '-Urm', 'sh', '-c', line, 'sh'];
}

let before: Record<string, string> = {};
let used: ChildEnd;
const ended: { command: string; code: number | null; stderr: string }[] = [];
let count = 0;

beforeAll(async () => {
  mkdirSync(photos);
  cpSync(samplePhotos, photos, { recursive: true });
  await makePhotos(join(photos, 'made'), 8);
  before = originalsIn(photos);
  count = Object.keys(before).filter((name) => /\.jpe?g$/.test(name)).length;
  const env = { NODE_OPTIONS: `--import ${spy}`, PHOTOSEEK_TEST_CONNECTIONS: connections };
  const through = canMount ? overReadOnlyPhotos() : [];
  used = await runChild(day, [library, photos, String(count)], { through, env });
  const some = join(photos, 'cat.jpg');
  const argumentsOf: Record<string, string[]> = {
    add: [photos],
    search: ['a cat'],
    show: [some],
    caption: [some],
    export: [join(work, 'mine.jsonl')],
  };
  for (const command of commands) {
    if (!existsSync(`${repository}main/cli/${command}.ts`)) continue;
    const { code, stderr } = await runCli(['--json', command, ...(argumentsOf[command] ?? [])], {
      library,
      env,
      through,
    });
    ended.push({ command, code, stderr });
  }
}, 240_000);

describe('a whole day of use', () => {
  it('worked', () => {
    expect(used.stderr).toBe('');
    expect(JSON.parse(used.lines.at(-1) ?? '{}')).toEqual({
      count,
      served: 3 * count,
      caption: expect.objectContaining({ text: 'Words of my own' }),
    });
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  });
});

describe('promise 3: the durability settings are on every connection', () => {
  it('of every process and thread, at its first statement', () => {
    const lines = readFileSync(connections, 'utf8').trim().split('\n');
    // What lies in memory alone is not meant to last.
    const all = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ file }) => file !== ':memory:');
    const weak = all.filter(
      ({ synchronous, journal, foreignKeys, trustedSchema }) =>
        synchronous !== 2 || journal !== 'wal' || foreignKeys !== 1 || trustedSchema !== 0,
    );
    expect(weak).toEqual([]);
    const files = new Set(all.map(({ file, readonly }) => `${file} ${readonly ? 'read' : 'written'}`));
    expect([...files]).toEqual(
      expect.arrayContaining(['library.db written', 'library.db read', 'thumbnails.db written']),
    );
    const processes = new Set(all.map(({ pid }) => pid)).size;
    expect(processes).toBeGreaterThan(2);
    reached(3, `${all.length} of ${all.length} connections of ${processes} processes with all settings`);
  });
});

describe('promise 14: originals are never touched', () => {
  it('no byte, time, mode or attribute of them differs', () => {
    expect(Object.keys(before).length).toBeGreaterThan(20);
    expect(originalsIn(photos)).toEqual(before);
    reached(14, `${count} originals in ${Object.keys(before).length} entries, 0 changed bytes, times or attributes`);
  });

  it.skipIf(!canMount)('nothing was refused by their read-only mount (needs user namespaces)', () => {
    const texts = [used.stderr, ...ended.map(({ stderr }) => stderr), ...logs()];
    expect(texts.filter((text) => /EROFS|read-only file system/i.test(text))).toEqual([]);
  });

  it.skipIf(!canMount || !canInject)(
    'no call that could change one names one (needs user namespaces and strace)',
    () => {
      const lines = readFileSync(record, 'latin1')
        .split('\n')
        .filter((line) => line.includes(photos));
      const opened = lines.filter((line) => /\bopen(at2?)?\(/.test(line));
      const reading = opened.filter(
        (line) => /O_RDONLY/.test(line) && !/O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)/.test(line),
      );
      // The record holds their reading: it would hold a writing too.
      expect(reading.length).toBeGreaterThan(3 * count);
      expect(lines.filter((line) => !reading.includes(line) && !line.includes('resumed>'))).toEqual([]);
      reached(14, `${reading.length} times opened for reading, 0 other calls, under a read-only mount`);
    },
  );
});

function logs(): string[] {
  const folder = join(library, 'logs');
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : [];
}
