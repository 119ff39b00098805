// A backup is whole, proven, and restores all that the person gave the library; one that is not is never chosen, and the last good one is never lost.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { isBackupDue, keptBackups, listBackups, wordsOf } from '../../main/store/backups.ts';
import { fromLines } from '../../main/store/own-data.ts';
import { figure, reached } from '../helpers/figure.ts';
import { memoryFolder, temporaryFolder } from '../helpers/library-db.ts';
import { liveIn, ownDataIn } from '../helpers/lived-in-library.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';

const restores = figure(100, 1_000);
const day = 86_400_000;

describe('promise 9: backups restore', () => {
  it(`${restores} restores of backups made while the library was written to`, { timeout: 600_000 }, async () => {
    const folder = memoryFolder();
    const library = await liveIn(folder, 30);
    const random = seededRandom(9);
    for (let round = 0; round < restores; round++) {
      const photoId = 1 + Math.floor(random() * 30);
      await library.db.setOwnCaptions({ photoId, texts: [`before ${round}`], now: round * day });
      const backingUp = library.db.backUp({ now: round * day, force: true });
      const writing = Array.from({ length: 3 }, (_, n) =>
        library.db.setOwnCaptions({ photoId: 1 + ((photoId + n) % 30), texts: [`during ${round} ${n}`], now: 1 }),
      );
      const { taken } = await backingUp;
      await Promise.all(writing);
      const backedUp = ownDataIn(taken?.file ?? '');
      expect(backedUp.photos.some(({ captions }) => captions.some((text) => /^(before|during) /.test(text)))).toBe(
        true,
      );
      expect(fromLines(readFileSync(wordsOf(taken?.file ?? ''), 'utf8'))).toEqual(backedUp);
      await library.db.setOwnCaptions({ photoId, texts: [`after ${round}`], now: 1 });
      await library.db.setFavourite({ photoIds: [photoId], favourite: random() < 0.5, now: 1 });
      await library.db.restore({ now: round * day, from: null });
      expect((await library.db.care()).restored).toMatchObject({ wasAsked: true });
      expect(ownDataIn(folder)).toEqual(backedUp);
    }
    expect((await library.db.verify({ now: 1 })).problems).toEqual([]);
    await library.close();
    expect(listBackups(folder)).toHaveLength(11);
    reached(9, `${restores} backups made during writes and restored, all of the person's own data equal`);
  });

  it('a backup that is not what was proven is never chosen, and a library without any other is left as it is', async () => {
    const folder = memoryFolder();
    const library = await liveIn(folder, 10);
    const states: unknown[] = [];
    for (let n = 0; n < 6; n++) {
      await library.db.setOwnCaptions({ photoId: 1, texts: [`state ${n}`], now: 1 });
      await library.db.backUp({ now: n * day, force: true });
      states.push(ownDataIn(folder));
    }
    const random = seededRandom(99);
    const backups = listBackups(folder);
    for (const [index, { file }] of backups.entries()) {
      spoil(file, index, random);
      const isLast = index === backups.length - 1;
      const restoring = library.db.restore({ now: 1, from: null });
      if (isLast) await expect(restoring).rejects.toMatchObject({ code: 'library/not-found' });
      else await restoring;
      // The newest that is left, and at last what was there.
      expect(ownDataIn(folder)).toEqual(states[backups.length - 2 - (isLast ? index - 1 : index)]);
    }
    await library.close();
  });

  it('a damaged library is never backed up over the good backups', async () => {
    const folder = temporaryFolder();
    const library = await liveIn(folder, 10);
    await library.db.backUp({ now: 1, force: true });
    await library.close();
    const file = path.join(folder, 'library.db');
    writeFileSync(file, readFileSync(file, 'latin1').replace('my own words of 2', 'my own w0rds of 2'), 'latin1');
    const before = readdirSync(path.join(folder, 'backups'));
    const again = await openLibrary({ folder, mode: 'write', now: 2 });
    await expect(again.db.backUp({ now: 3 * day, force: false })).rejects.toMatchObject({ code: 'store/corrupt' });
    await again.close();
    expect(readdirSync(path.join(folder, 'backups'))).toEqual(before);
  });

  it.each(['nothing can be read of it', 'it was emptied', 'it is gone'])(
    'a damaged library is replaced when it is opened: %s',
    async (how) => {
      const folder = temporaryFolder();
      const library = await liveIn(folder, 10);
      const own = ownDataIn(folder);
      await library.db.backUp({ now: 5, force: true });
      await library.close();
      const file = path.join(folder, 'library.db');
      if (how === 'it is gone') rmSync(file);
      else writeFileSync(file, how === 'it was emptied' ? '' : Buffer.alloc(100_000, 0xa5));
      const again = await openLibrary({ folder, mode: 'write', now: 6 });
      const { restored } = await again.db.care();
      expect(restored).toMatchObject({ backupAt: 5, restoredAt: 6 });
      expect((await again.db.photoView({ photoId: 1 }))?.caption?.text).toBe('my own words of 1');
      await again.close();
      expect(ownDataIn(folder)).toEqual(own);
      expect(existsSync(path.join(folder, 'damaged', 'library-1.db'))).toBe(how !== 'it is gone');
    },
  );

  it('without any sound backup, what can be read of the person’s own data begins the new library', async () => {
    const folder = temporaryFolder();
    const library = await liveIn(folder, 10);
    const own = ownDataIn(folder);
    await library.close();
    const file = path.join(folder, 'library.db');
    const bytes = readFileSync(file, 'latin1');
    // The table of vectors' root page, found by a caption that is of no one: one of the gallery's pages is enough to be no whole database.
    writeFileSync(file, `${bytes.slice(0, -16_384)}${'\xa5'.repeat(16_384)}`, 'latin1');
    const again = await openLibrary({ folder, mode: 'write', now: 6 });
    const { left } = await again.db.verify({ now: 7 });
    expect(left).toEqual([]);
    await again.close();
    expect(ownDataIn(folder).photos).toEqual(own.photos);
  });
});

describe('which backups are kept', () => {
  const taken = (number: number, takenAt: number, isOfOldFormat = false) => ({ number, takenAt, isOfOldFormat });

  it('the newest of each of 7 days and of 4 earlier weeks', () => {
    const backups = Array.from({ length: 120 }, (_, n) => taken(n, n * (day / 2)));
    const kept = [...keptBackups(backups)].sort((a, b) => b - a);
    expect(kept).toHaveLength(11);
    expect(kept.slice(0, 7)).toEqual([119, 117, 115, 113, 111, 109, 107]);
    expect(kept.slice(7).every((number, index, list) => index === 0 || (list[index - 1] ?? 0) - number === 14)).toBe(
      true,
    );
  });

  it('a clock that jumps makes no backup old, and the newest is always kept', () => {
    const forward = [
      ...Array.from({ length: 5 }, (_, n) => taken(n, n * day)),
      taken(5, 10 * 365 * day),
      taken(6, 5 * day),
    ];
    expect([...keptBackups(forward)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(isBackupDue([taken(5, 10 * 365 * day)], 5 * day)).toBe(true);
    expect(isBackupDue([taken(6, 5 * day), taken(5, 10 * 365 * day)], 5 * day + 1)).toBe(false);
    expect(keptBackups([taken(1, -40 * 365 * day)])).toEqual(new Set([1]));
  });

  it('one a day is due; copies of old formats do not count', () => {
    expect(isBackupDue([], 0)).toBe(true);
    expect(isBackupDue([taken(1, 0, true)], 1)).toBe(true);
    expect([isBackupDue([taken(1, 0)], day - 1), isBackupDue([taken(1, 0)], day)]).toEqual([false, true]);
  });
});

/** Flips a bit, cuts the file, empties it, removes it, takes its proof away, or puts another file's bytes in its place. */
function spoil(file: string, index: number, random: () => number): void {
  const bytes = readFileSync(file);
  const at = Math.floor(random() * bytes.length);
  const ways: (() => void)[] = [
    () => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, bytes);
    },
    () => writeFileSync(file, bytes.subarray(0, at)),
    () => writeFileSync(file, ''),
    () => rmSync(file),
    () => rmSync(file.replace(/\.db$/, '.json')),
    () => writeFileSync(file, bytes.fill(0, at)),
  ];
  ways[index]?.();
}
