// How changes are followed: folders that wait in whole or in part, watches that fail, rounds, files that are still being written.
import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ClaimedFile, FolderRow } from '../../../../../main/library-db/library-rows.ts';
import { silentLog } from '../../../../../main/platform/log.ts';
import { createFolderQueue } from '../../../../../main/services/indexing/folder-queue.ts';
import { createFolderRounds } from '../../../../../main/services/indexing/folder-rounds.ts';
import { createFolderWatch } from '../../../../../main/services/indexing/folder-watch.ts';
import { createSettlingFiles, type FileLook } from '../../../../../main/services/indexing/settling-files.ts';
import { onlyWholeFiles } from '../../../../../main/services/indexing/whole-files.ts';
import { createFolderPresence } from '../../../../../main/services/library/folder-presence.ts';
import type { WatchState } from '../../../../../main/watching/folder-watcher.ts';
import type { WatchNews } from '../../../../../main/watching/folder-watching.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';
import { folderOf } from '../../../../helpers/temporary-folder.ts';

const folderAt = (id: number, path = `/photos-${id}`): FolderRow => ({
  id,
  path,
  addedAt: 0,
  exclude: [],
  isOffline: false,
});

describe('folder queue', () => {
  const db = { listFolders: async () => [folderAt(1), folderAt(2)] };
  const taken = (queue: ReturnType<typeof createFolderQueue>) => {
    const visit = queue.take();
    return visit && { id: visit.folder.id, within: visit.within?.toSorted() };
  };

  it('joins hints for one folder, and lets a wish for the whole folder swallow them', async () => {
    const queue = createFolderQueue(() => undefined);
    queue.add([1], { within: ['a'] });
    queue.add([1], { within: ['b', 'a'] });
    await queue.fill(db);
    queue.add([2], { within: ['c'] });
    queue.add([1], { within: ['d'] });
    await queue.fill(db);
    // What is looked into in passing is no scan that a person should be told of.
    expect(queue.scanning()).toEqual([]);
    queue.add([2]);
    await queue.fill(db);
    expect(queue.scanning()).toEqual([2]);
    expect([taken(queue), taken(queue), taken(queue)]).toEqual([
      { id: 2, within: undefined },
      { id: 1, within: ['a', 'b', 'd'] },
      undefined,
    ]);
  });

  it('keeps what came while a folder was looked into, and what was cut short', async () => {
    const queue = createFolderQueue(() => undefined);
    queue.add([1], { within: ['a'] });
    await queue.fill(db);
    const visit = queue.take();
    queue.add([1], { within: ['b'] });
    await queue.fill(db);
    if (visit) queue.putBack(visit);
    expect(taken(queue)?.within?.toSorted()).toEqual(['a', 'b']);
  });

  it('takes what is known of a folder now, not what was known when a look at it was cut short', async () => {
    let exclude: readonly string[] = [];
    const own = { listFolders: async () => [{ ...folderAt(1), exclude }] };
    const queue = createFolderQueue(() => undefined);
    queue.add([1]);
    await queue.fill(own);
    const visit = queue.take();
    exclude = ['raw/'];
    queue.add([], undefined);
    await queue.fill(own);
    if (visit) queue.putBack(visit);
    expect(queue.take()?.folder.exclude).toEqual(['raw/']);
    exclude = ['raw/', 'private/'];
    if (visit) queue.putBack(visit);
    queue.add([], { within: ['a'] });
    await queue.fill(own);
    expect(queue.take()?.folder.exclude).toEqual(exclude);
  });

  it('takes more folders than it should remember for the whole', async () => {
    const queue = createFolderQueue(() => undefined);
    for (let part = 0; part < 3; part++)
      queue.add([1], { within: Array.from({ length: 400 }, (_, at) => `${part}-${at}`) });
    await queue.fill(db);
    expect(taken(queue)).toEqual({ id: 1, within: undefined });
  });
});

describe('folder watch', () => {
  function setUp() {
    const clock = manualClock();
    const asked: { resolve: (news: WatchNews) => void; reject: (error: Error) => void }[] = [];
    const watching = {
      watch: vi.fn(async () => undefined),
      news: () => new Promise<WatchNews>((resolve, reject) => asked.push({ resolve, reject })),
    };
    const ears = { onHint: vi.fn(), onLost: vi.fn(), onTrouble: vi.fn() };
    const watch = createFolderWatch({ watching, clock, log: silentLog(), ...ears });
    const state = (way: WatchState['way'], reason: WatchState['reason'] = null): WatchState => ({
      folderId: 1,
      way,
      reason,
    });
    const tell = async (news: Partial<WatchNews>): Promise<void> => {
      await settled(1);
      asked.at(-1)?.resolve({ hints: [], states: [state('events')], ...news });
      await settled(1);
    };
    return { clock, asked, watching, watch, state, tell, ...ears };
  }

  it('hands hints on, each once', async () => {
    const { watch, tell, onHint, onTrouble } = setUp();
    watch.follow([folderAt(1)]);
    await tell({ hints: [{ folderId: 1, relDirs: null }] });
    await tell({ hints: [{ folderId: 1, relDirs: ['a'] }] });
    expect(onHint.mock.calls).toEqual([
      [1, null],
      [1, ['a']],
    ]);
    expect([onTrouble.mock.lastCall, watch.timed()]).toEqual([[null], []]);
  });

  it('tells trouble, not that a network drive is one, and which folders need a timer', async () => {
    const { watch, tell, state, onTrouble, onLost } = setUp();
    watch.follow([folderAt(1)]);
    await tell({ states: [state('timer', 'network')] });
    expect([onTrouble.mock.lastCall, watch.timed()]).toEqual([[null], [1]]);
    await tell({ states: [state('timer', 'limit')] });
    expect([onTrouble.mock.lastCall, watch.timed()]).toEqual([['limit'], [1]]);
    await tell({ states: [state('timer', 'lost')] });
    await tell({ states: [state('timer', 'lost')] });
    expect([onTrouble.mock.lastCall, onLost.mock.calls.length]).toEqual([[null], 1]);
  });

  it('starts again where the thread ended, later each time, and looks through everything then', async () => {
    const { watch, watching, tell, asked, clock, onHint, onTrouble } = setUp();
    watch.follow([folderAt(1)]);
    await tell({});
    for (const waitMs of [1_000, 2_000]) {
      asked.at(-1)?.reject(new Error('ended'));
      await settled(1);
      expect(watch.timed()).toEqual([1]);
      const before = watching.watch.mock.calls.length;
      watch.follow([folderAt(1)]);
      clock.advance(waitMs - 1);
      await settled(1);
      expect(watching.watch.mock.calls.length).toBe(before);
      clock.advance(1);
      await settled(1);
      expect(watching.watch.mock.calls.length).toBe(before + 1);
    }
    expect(onTrouble.mock.lastCall).toEqual(['failed']);
    onHint.mockClear();
    await tell({ hints: [{ folderId: 1, relDirs: null }] });
    expect([onHint.mock.calls, onTrouble.mock.lastCall]).toEqual([[[1, null]], [null]]);
  });

  it('waits longer each time for a thread that dies of its first news, and not for one that held', async () => {
    const { watch, watching, tell, asked, clock } = setUp();
    watch.follow([folderAt(1)]);
    for (const [livedMs, waitMs] of [
      [0, 1_000],
      [0, 2_000],
      [0, 4_000],
      [60_001, 1_000],
    ] as const) {
      clock.advance(livedMs);
      await tell({});
      asked.at(-1)?.reject(new Error('ended'));
      await settled(1);
      expect(clock.waiting()).toEqual([waitMs]);
      clock.advance(waitMs);
      await settled(1);
    }
    expect(watching.watch).toHaveBeenCalledTimes(5);
  });

  it('lets go of all watches at its end, and waits for no thread that does not answer', async () => {
    const { watch, watching, clock, tell } = setUp();
    watch.follow([folderAt(1)]);
    await tell({});
    watching.watch.mockImplementation(() => new Promise(() => undefined));
    const closed = watch.close();
    expect(watching.watch).toHaveBeenLastCalledWith({ folders: [] });
    clock.advance(500);
    await closed;
  });
});

describe('folder rounds', () => {
  function setUp(timed: readonly number[] = []) {
    const clock = manualClock();
    let offset = 0;
    const folders = [folderAt(1, folderOf()), folderAt(2, folderOf())];
    const setOffline = vi.fn(async ({ folderIds }: { folderIds: readonly number[] }) => {
      for (const [at, folder] of folders.entries())
        folders[at] = { ...folder, isOffline: folderIds.includes(folder.id) };
    });
    const rescan = vi.fn();
    const onPresent = vi.fn();
    const rounds = createFolderRounds({
      db: { listFolders: async () => [...folders], setOffline },
      presence: createFolderPresence(clock),
      clock,
      log: silentLog(),
      now: () => clock.now() + offset,
      onAway: () => undefined,
      onPresent,
      timed: () => timed,
      rescan,
    });
    onTestFinished(() => rounds.close());
    const round = async (ms: number): Promise<void> => {
      const before = onPresent.mock.calls.length;
      clock.advance(ms);
      await vi.waitFor(() => expect(onPresent.mock.calls.length).toBe(before + 1));
      await settled(2);
    };
    const sleep = (ms: number): void => {
      offset += ms;
    };
    return { rounds, rescan, onPresent, round, sleep, folders, setOffline };
  }

  it('looks every ten minutes through what no watch tells of, and every hour through everything', async () => {
    const { rounds, rescan, round } = setUp([2]);
    rounds.start();
    await round(0);
    await round(15_000);
    expect(rescan.mock.calls).toEqual([]);
    await round(600_000);
    expect(rescan.mock.calls).toEqual([[[2]]]);
    await round(3_000_000);
    expect(rescan.mock.calls).toEqual([[[2]], [[]]]);
  });

  it('looks through everything when the computer has slept', async () => {
    const { rounds, rescan, round, sleep } = setUp();
    rounds.start();
    await round(0);
    sleep(30_000);
    await round(15_000);
    expect(rescan.mock.calls).toEqual([]);
    sleep(3_600_000);
    await round(15_000);
    await round(15_000);
    expect(rescan.mock.calls).toEqual([[[]]]);
  });

  it('takes for returned what the library still calls away, and says so once', async () => {
    const { rounds, rescan, round, setOffline } = setUp();
    await setOffline({ folderIds: [1] });
    rounds.start();
    await round(0);
    await round(15_000);
    expect([rescan.mock.calls, setOffline.mock.calls.slice(1)]).toEqual([[[[1]]], [[{ folderIds: [] }]]]);
  });

  it('says again what another program took for there', async () => {
    const { rounds, rescan, round, setOffline, folders } = setUp();
    rmSync(folders[0]?.path ?? '', { recursive: true });
    rounds.start();
    await round(0);
    await setOffline({ folderIds: [] });
    await round(15_000);
    expect([rescan.mock.calls, setOffline.mock.lastCall]).toEqual([[], [{ folderIds: [1] }]]);
  });

  it('looks at once when asked to', async () => {
    const { rounds, onPresent, round } = setUp();
    rounds.soon();
    expect(onPresent).not.toHaveBeenCalled();
    rounds.start();
    await round(0);
    rounds.soon();
    await vi.waitFor(() => expect(onPresent).toHaveBeenCalledTimes(2));
  });
});

describe('files that are still being written', () => {
  const start = 1_700_000_000_000;
  function setUp() {
    const clock = manualClock();
    const now = (): number => start + clock.now();
    const disk = new Map<string, FileLook>();
    const settling = createSettlingFiles({ clock, now, look: async (path) => disk.get(path) });
    const claimed = (fileId: number, look: FileLook): ClaimedFile => ({ fileId, path: `${fileId}.jpg`, ...look });
    const wait = (fileId: number, scanned: FileLook, current = scanned) => {
      disk.set(`${fileId}.jpg`, current);
      return settling.waitFor(claimed(fileId, scanned));
    };
    return { clock, now, disk, settling, claimed, wait };
  }

  it('reads at once what was written long ago, and what is not there', async () => {
    const { wait, settling, claimed, now } = setUp();
    expect(await wait(1, { sizeBytes: 1, mtimeMs: start - 60_000 })).toBe(0);
    expect(await wait(2, { sizeBytes: 1, mtimeMs: start - 2_000 })).toBe(0);
    expect(await settling.waitFor(claimed(9, { sizeBytes: 1, mtimeMs: now() }))).toBe(0);
  });

  it('waits for one whose old time was set, or that was put into another’s place, just now', async () => {
    const { wait, clock } = setUp();
    const replaced = { sizeBytes: 1, mtimeMs: start - 1e9, ctimeMs: start - 500 };
    expect(await wait(1, replaced)).toBe(1_500);
    clock.advance(1_500);
    expect(await wait(1, replaced)).toBe(0);
    expect(await wait(2, { ...replaced, ctimeMs: start - 1e8 })).toBe(0);
  });

  it('waits for two quiet seconds, and for five where a file was seen to grow', async () => {
    const { wait, clock } = setUp();
    const first = { sizeBytes: 1, mtimeMs: start - 500 };
    expect(await wait(1, first)).toBe(1_500);
    clock.advance(1_500);
    const grown = { sizeBytes: 2, mtimeMs: start + 1_400 };
    expect(await wait(1, first, grown)).toBe(5_000);
    clock.advance(3_000);
    expect(await wait(1, grown)).toBe(1_900);
    clock.advance(1_900);
    expect(await wait(1, grown)).toBe(0);
  });

  it('reads a file from the future after two looks, and never waits for the calendar', async () => {
    const { wait, clock } = setUp();
    const future = { sizeBytes: 1, mtimeMs: start + 1e12 };
    expect(await wait(1, future)).toBe(2_000);
    clock.advance(2_000);
    expect(await wait(1, future)).toBe(0);
  });

  it('keeps claims back until they are whole, and says when to ask again', async () => {
    const { clock, now, disk, settling, claimed } = setUp();
    const fresh = { sizeBytes: 1, mtimeMs: start };
    const old = { sizeBytes: 1, mtimeMs: start - 1e6 };
    disk.set('1.jpg', fresh).set('2.jpg', old);
    const waiting = [[claimed(1, fresh)], [claimed(2, old)]];
    const db = Object.assign(fakeLibraryDb(), {
      claimFiles: async () => waiting.shift() ?? [],
      nextRetryAt: async () => null,
    });
    const whole = onlyWholeFiles(db, settling, { clock, now }, new AbortController().signal);
    const ids = async (): Promise<number[]> =>
      (await whole.claimFiles({ limit: 16, now: now() })).map(({ fileId }) => fileId);
    expect(await ids()).toEqual([2]);
    expect(await ids()).toEqual([]);
    expect(await whole.nextRetryAt({ wanted: [] })).toBe(start + 2_000);
    clock.advance(2_000);
    expect(await ids()).toEqual([1]);
    expect(await whole.nextRetryAt({ wanted: [] })).toBeNull();
  });

  /** Something is written to it every so many seconds, for so many; it is looked at when it has changed and, where it is not whole, when it was said. */
  async function readingsOf(everyS: number, forS: number) {
    const { clock, now, wait, settling } = setUp();
    let current: FileLook = { sizeBytes: 0, mtimeMs: now() };
    let lookAt = 0;
    const readAtS: number[] = [];
    for (let second = 0; second < forS + 1_000; second++, clock.advance(1_000)) {
      if (second % everyS === 0 && second < forS) {
        current = { sizeBytes: second + 1, mtimeMs: now() };
        lookAt = Math.min(lookAt, clock.now());
      }
      if (clock.now() < lookAt) continue;
      const waitMs = await wait(1, current);
      if (waitMs === 0) readAtS.push(second);
      lookAt = waitMs === 0 ? Number.POSITIVE_INFINITY : clock.now() + waitMs;
    }
    expect(settling.nextLookMs()).toBeNull();
    return readAtS;
  }

  it.each([
    [1, 0],
    [10, 6],
    [180, 10],
  ])('reads a file that is appended to every %i s for hours a few times, and once at its end', async (everyS, most) => {
    const readAtS = await readingsOf(everyS, 7_200);
    expect(readAtS.length).toBeLessThanOrEqual(most + 1);
    expect(readAtS.filter((second) => second >= 7_200 - everyS)).toHaveLength(1);
  });

  it('reads at once what is saved now and then', async () => {
    const readAtS = await readingsOf(1_300, 7_200);
    expect(readAtS).toEqual([2, 1_302, 2_602, 3_902, 5_202, 6_502]);
  });

  it('sets a file aside that has been growing for a minute: a pass ends without it, and is told when to begin for it', async () => {
    const { clock, now, disk, settling, claimed } = setUp();
    const look = (): FileLook => ({ sizeBytes: clock.now(), mtimeMs: now() });
    const old = { sizeBytes: 1, mtimeMs: start - 1e6 };
    disk.set('2.jpg', old);
    const pass = () => {
      disk.set('1.jpg', look());
      const waiting = [[claimed(1, look()), claimed(2, old)]];
      const db = Object.assign(fakeLibraryDb(), {
        claimFiles: async () => waiting.shift() ?? [],
        nextRetryAt: async () => null,
      });
      return onlyWholeFiles(db, settling, { clock, now }, new AbortController().signal);
    };
    const grows = pass();
    const claim = async () => (await grows.claimFiles({ limit: 16, now: now() })).map(({ fileId }) => fileId);
    expect(await claim()).toEqual([2]);
    for (let seconds = 0; seconds < 60; seconds += 5) {
      expect(await grows.nextRetryAt({ wanted: [] })).not.toBeNull();
      clock.advance(5_000);
      disk.set('1.jpg', look());
      expect(await claim()).toEqual([]);
    }
    expect([await grows.nextRetryAt({ wanted: [] }), settling.nextLookMs()]).toEqual([null, 15_000]);
    expect(settling.nextLookMs()).toBeNull();
    clock.advance(15_000);
    const next = pass();
    expect((await next.claimFiles({ limit: 16, now: now() })).map(({ fileId }) => fileId)).toEqual([2]);
    expect([await next.nextRetryAt({ wanted: [] }), settling.nextLookMs()]).toEqual([null, 18_750]);
  });

  it('waits for no look at a file on a drive that hangs once the pass is cancelled', async () => {
    const { clock, now, claimed } = setUp();
    const settling = createSettlingFiles({ clock, now, look: () => new Promise(() => undefined) });
    const controller = new AbortController();
    const db = Object.assign(fakeLibraryDb(), {
      claimFiles: async () => [claimed(1, { sizeBytes: 1, mtimeMs: start })],
    });
    const whole = onlyWholeFiles(db, settling, { clock, now }, controller.signal);
    const claims = whole.claimFiles({ limit: 16, now: now() });
    await settled(1);
    controller.abort();
    await expect(claims).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(whole.claimFiles({ limit: 16, now: now() })).rejects.toMatchObject({ name: 'CancelledError' });
  });
});
