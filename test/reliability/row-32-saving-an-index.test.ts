// Saving a search file is all or nothing, and says so: killed at any moment, on a full disk, and where the disk refuses to write.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { memoryFolder, runChild, several } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { photosSaved } from '../helpers/small-index.ts';
import { doneIn } from '../helpers/store-work.ts';
import { seededRandom } from '../unit/main/vectors/synthetic-vectors.ts';

const saver = fileURLToPath(new URL('children/save-index.ts', import.meta.url));
/** Saves that a kill cuts off; one killed process was at several. */
const kills = figure(500, 5_000);
const savesAtOnce = 5;
const killsOfOneFolder = 10;

interface Saver {
  readonly folder: string;
  /** Photos of the newest save that was told of, or found after a kill. */
  saved: number;
}

/** Kills a process that saves into all folders; @returns how many saves it told of. */
async function killWhileSaving(savers: Saver[], afterMs: number): Promise<number> {
  const from = savers.flatMap(({ folder, saved }) => [folder, String(saved + 1)]);
  const { lines, signal, stderr } = await runChild(saver, ['1000000', ...from], {
    onOutput: (text, kill) => text.includes('begun') && void setTimeout(kill, afterMs),
  });
  if (signal !== 'SIGKILL') throw new Error(`the saver ended by itself: ${stderr}`);
  const done = doneIn(lines).map((fact) => fact.split(' '));
  for (const [photos, folder] of done)
    for (const one of savers) if (one.folder === folder) one.saved = Math.max(one.saved, Number(photos));
  return done.length;
}

const works = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const hasNamespaces = works('unshare', '-Urm', 'true');
const hasStrace = works('strace', '-e', 'trace=fsync', 'true');

describe('promise 32: saving is atomic and honest', { timeout: 120_000 }, () => {
  it(`leaves a file that can be read where ${kills} saves were killed`, { timeout: 3_600_000 }, async () => {
    const tally = { kills: 0, saves: 0, inAFile: 0 };
    const wrong: string[] = [];
    await several(Math.ceil(kills / savesAtOnce / killsOfOneFolder), 2, async (index) => {
      const savers = Array.from({ length: savesAtOnce }, (): Saver => ({ folder: memoryFolder(), saved: 0 }));
      const random = seededRandom(index);
      for (let kill = 0; kill < killsOfOneFolder; kill++) {
        tally.saves += await killWhileSaving(savers, random() * 150);
        for (const one of savers) {
          tally.kills++;
          tally.inAFile += readdirSync(one.folder).some((name) => name.endsWith('.new')) ? 1 : 0;
          const found = await photosSaved(one.folder);
          // Before the first save is through there is nothing.
          const isNone = one.saved === 0 && found === 'nothing was saved';
          if (typeof found === 'number' && found >= one.saved) one.saved = found;
          else if (!isNone) wrong.push(`${index}, kill ${kill}: ${one.saved} acknowledged, then ${found}`);
        }
      }
    });
    expect(wrong).toEqual([]);
    expect(tally.kills).toBeGreaterThanOrEqual(kills);
    // Kills that only ever met a process at rest would prove nothing.
    expect(tally.inAFile).toBeGreaterThan(kills / 10);
    reached(
      32,
      `${tally.kills} saves killed, ${tally.inAFile} of them in the middle of a file, ${tally.saves} acknowledged, 0 unreadable`,
    );
  });

  it.skipIf(!hasNamespaces)(
    'reports a full disk, keeps the old file, and saves again once there is room (needs unshare)',
    async () => {
      const folder = memoryFolder();
      const script = `
      set -e
      mount -t tmpfs -o size=160k none "$1"
      run() { "$2" "$3" "$4" "$1/index" "$4"; }
      run "$1" "$2" "$3" 50
      dd if=/dev/zero of="$1/filler" bs=1k 2>/dev/null || true
      run "$1" "$2" "$3" 400
      ls "$1/index" | grep -c new || true
      rm "$1/filler"
      run "$1" "$2" "$3" 60`;
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        ['-Urm', 'sh', '-c', script, 'sh', folder, process.execPath, saver],
        { encoding: 'utf8' },
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [begun, first, begunFull, full, leftovers, begunAgain, again] = stdout.trim().split('\n');
      expect([begun, begunFull, begunAgain]).toEqual(['begun', 'begun', 'begun']);
      expect(first).toMatch(/^done 50 /);
      expect(full).toMatch(/^failed vectors\/failed The search index could not be saved/);
      expect(leftovers).toBe('0');
      expect(again).toMatch(/^done 60 /);
    },
  );

  it.skipIf(!hasStrace)(
    'reports every failed flush and keeps the old file (needs strace)',
    { timeout: 120_000 },
    async () => {
      const faults: string[] = [];
      // Two files, the manifest, and the folder after each of their renames.
      for (let nth = 1; nth <= 6; nth++) faults.push(`fsync:error=EIO:when=${nth}`);
      for (const error of ['ENOSPC', 'EIO'])
        for (let nth = 1; nth <= 3; nth++) faults.push(`rename:error=${error}:when=${nth}`);
      const injected = await Promise.all(faults.map((fault) => faultedSave(fault)));
      expect(injected).toEqual(faults.map((fault) => ({ fault, hit: true, told: true, photos: expect.any(Number) })));
      // The very last flush comes after the new manifest is in place: reported all the same, and either file is whole.
      expect(new Set(injected.map(({ photos }) => photos))).toEqual(new Set([50, 60]));
      reached(32, `${faults.length} refused flushes and renames reported, old or new file whole after each`);
    },
  );
});

/** Saves 50 photos, then 60 under a fault. With one thread for files, since strace counts calls of each thread by itself. */
async function faultedSave(
  fault: string,
): Promise<{ fault: string; hit: boolean; told: boolean; photos: number | string }> {
  const folder = memoryFolder();
  await runChild(saver, ['50', folder, '50']);
  const [calls = ''] = fault.split(':');
  const through = ['strace', '-f', '-qq', '-e', `trace=${calls}`, '-e', `inject=${fault}`];
  const { lines, stderr } = await runChild(saver, ['60', folder, '60'], { through, env: { UV_THREADPOOL_SIZE: '1' } });
  return {
    fault,
    hit: stderr.includes('INJECTED'),
    told: lines.some((line) => line.startsWith('failed vectors/failed')),
    photos: await photosSaved(folder),
  };
}
