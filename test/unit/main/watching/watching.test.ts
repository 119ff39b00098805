// What is watched, what events mean and when they are told, with stand-ins for the system.
import { describe, expect, it, vi } from 'vitest';
import { systemPatternOptions } from '../../../../main/platform/path-patterns.ts';
import type { WatchEars, WatchTarget } from '../../../../main/watching/folder-watcher.ts';
import { createFolderWatching } from '../../../../main/watching/folder-watching.ts';
import { createHintBuffer } from '../../../../main/watching/hint-buffer.ts';
import { type NativeWatch, nativeWatchers } from '../../../../main/watching/native-watcher.ts';
import { isNetworkDrive } from '../../../../main/watching/network-drive.ts';
import { watchedPaths } from '../../../../main/watching/watched-paths.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const linux = systemPatternOptions('linux');

describe('watched paths', () => {
  const paths = watchedPaths(['private/', '*.heic'], linux);

  it('enters what a walk enters', () => {
    expect(['', 'a', 'a/.git', 'a/node_modules', 'private', 'a/private', '.trash'].map(paths.entersFolder)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['photo.jpg', true, 'a'],
    ['photo.jpg', false, 'a'],
    // It may be a folder of that name that came or went.
    ['trip.zip', true, 'a'],
    ['trip.zip', false, undefined],
    ['photo.heic', false, undefined],
    ['.hidden', true, undefined],
    ['private', false, 'a'],
    [null, true, 'a'],
  ])('takes an event about %s (new or gone: %s) as one of folder %s', (name, isRename, folder) => {
    expect(paths.folderOfEvent('a', name, isRename)).toBe(folder);
  });
});

describe('hint buffer', () => {
  const buffer = () => createHintBuffer({ mostFolders: 3, mostEvents: 10 });

  it('names each folder once, and forgets what it told', () => {
    const hints = buffer();
    for (const relDir of ['b', 'a', 'b', undefined]) hints.add(1, relDir);
    hints.add(2, null);
    expect(hints.take()).toEqual([
      { folderId: 1, relDirs: ['a', 'b'] },
      { folderId: 2, relDirs: null },
    ]);
    expect([hints.isEmpty(), hints.take()]).toEqual([true, []]);
  });

  it('names the whole folder where too many below it are meant', () => {
    const hints = buffer();
    for (const relDir of ['a', 'b', 'c', 'd']) hints.add(1, relDir);
    hints.add(1, 'e');
    expect(hints.take()).toEqual([{ folderId: 1, relDirs: null }]);
  });

  it('names everything watched where the system may have dropped events, of no interest or not', () => {
    const hints = buffer();
    hints.add(2, undefined);
    for (let event = 0; event < 10; event++) hints.add(1, undefined);
    expect(hints.take()).toEqual([
      { folderId: 2, relDirs: null },
      { folderId: 1, relDirs: null },
    ]);
  });

  it('says nothing of a folder that is not watched any more', () => {
    const hints = buffer();
    hints.add(1, 'a');
    hints.forget(1);
    expect(hints.isEmpty()).toBe(true);
  });
});

describe('one native watch for a whole folder', () => {
  function open(fails?: NodeJS.ErrnoException) {
    let tell: (event: 'rename' | 'change', path: string | null) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const close = vi.fn();
    const watchTree = vi.fn<NativeWatch>((_root, _options, listener) => {
      if (fails) throw fails;
      tell = listener;
      return {
        close,
        on(_event, listen) {
          fail = listen;
        },
      };
    });
    const ears = { onEvent: vi.fn(), onReady: vi.fn(), onTrouble: vi.fn() };
    const watcher = nativeWatchers(watchTree)({ folderId: 1, root: '/photos', exclude: ['raw/'] }, ears);
    return { watchTree, ears, watcher, close, tell: () => tell, fail: () => fail };
  }

  it('watches once, and tells the folder of each event, with either separator', async () => {
    const { watchTree, ears, tell } = open();
    await settled(1);
    expect(ears.onReady).toHaveBeenCalledOnce();
    expect(watchTree).toHaveBeenCalledExactlyOnceWith(
      '/photos',
      { recursive: true, persistent: true },
      expect.anything(),
    );
    const told = tell();
    told('rename', '2024\\june\\a.jpg');
    told('change', '2024/b.jpg');
    told('rename', 'c.jpg');
    told('change', 'raw/d.jpg');
    told('change', null);
    expect(ears.onEvent.mock.calls.flat()).toEqual(['2024/june', '2024', '', undefined, null]);
  });

  it('tells why it cannot watch, at the start and later, and nothing after it was closed', async () => {
    const refused = open(Object.assign(new Error('no'), { code: 'EMFILE' }));
    await settled(1);
    expect(refused.ears.onTrouble.mock.calls).toEqual([['limit']]);
    const { ears, fail, tell, watcher, close } = open();
    await settled(1);
    fail()(Object.assign(new Error('gone'), { code: 'EPERM' }));
    watcher.close();
    tell()('change', 'a.jpg');
    fail()(new Error('again'));
    expect([ears.onTrouble.mock.calls, ears.onEvent.mock.calls, close.mock.calls.length]).toEqual([
      [['failed']],
      [],
      1,
    ]);
  });
});

describe('network drives', () => {
  it.each([
    ['linux', 0x6969, true],
    ['linux', 0xff534d42, true],
    ['linux', -11317950, true],
    ['linux', 0x65735546, true],
    ['linux', 0xef53, false],
    ['darwin', 0x6969, false],
  ] as const)('on %s a file system of type %i is one: %s', async (platform, type, isOne) => {
    expect(await isNetworkDrive('/mnt/photos', platform, async () => type)).toBe(isOne);
  });

  it('takes Windows by the name of the path, and a drive that does not answer for a local one', async () => {
    expect(await isNetworkDrive('\\\\server\\photos', 'win32')).toBe(true);
    expect(await isNetworkDrive('D:\\photos', 'win32')).toBe(false);
    expect(await isNetworkDrive('/gone', 'linux', () => Promise.reject(new Error('ENOENT')))).toBe(false);
  });
});

describe('folder watching', () => {
  function setUp(options: { timed?: string; refuse?: boolean; throwsFor?: number } = {}) {
    const clock = manualClock();
    const opened: { target: WatchTarget; ears: WatchEars; close: ReturnType<typeof vi.fn> }[] = [];
    const identities = new Map<string, string | null | Promise<string>>();
    const identityOf = vi.fn(async (root: string) => (identities.has(root) ? (identities.get(root) ?? null) : '1:1'));
    const watching = createFolderWatching({
      clock,
      eventQueue: 1_000,
      needsTimer: async (root) => root === options.timed,
      identityOf,
      watcherOf(target, ears) {
        if (target.folderId === options.throwsFor) throw new Error('no such watch');
        const close = vi.fn();
        opened.push({ target, ears, close });
        if (options.refuse) ears.onTrouble('limit');
        return { close };
      },
    });
    const target = (folderId: number, exclude: readonly string[] = []): WatchTarget => ({
      folderId,
      root: `/photos-${folderId}`,
      exclude,
    });
    return { clock, opened, identities, identityOf, watching, target };
  }

  it('tells events of one deed together, after a moment, and keeps what nobody asked for yet', async () => {
    const { clock, opened, watching, target } = setUp();
    await watching.watch({ folders: [target(1)] });
    opened[0]?.ears.onReady();
    clock.advance(100);
    // What happened before the watch stood was told by nobody.
    expect(await watching.news({})).toEqual({
      hints: [{ folderId: 1, relDirs: null }],
      states: [{ folderId: 1, way: 'events', reason: null }],
    });
    const next = watching.news({});
    for (const relDir of ['', null, undefined]) opened[0]?.ears.onEvent(relDir);
    clock.advance(499);
    expect(await Promise.race([next, settled().then(() => 'nothing yet')])).toBe('nothing yet');
    clock.advance(1_000);
    expect((await next).hints).toEqual([{ folderId: 1, relDirs: null }]);
    opened[0]?.ears.onEvent(null);
    clock.advance(1_000);
    expect((await watching.news({})).hints).toHaveLength(1);
  });

  it('looks through a folder whose watch was opened anew between two tellings, and where others had too many events', async () => {
    const { clock, opened, identities, watching, target } = setUp();
    await watching.watch({ folders: [target(1), target(2)] });
    for (const { ears } of opened) ears.onReady();
    clock.advance(1_000);
    await watching.news({});
    opened[0]?.ears.onEvent('a');
    identities.set('/photos-1', '2:1');
    await watching.watch({ folders: [target(1), target(2)] });
    opened[2]?.ears.onReady();
    clock.advance(1_000);
    expect((await watching.news({})).hints).toEqual([{ folderId: 1, relDirs: null }]);
    for (let event = 0; event < 501; event++) opened[2]?.ears.onEvent('a');
    clock.advance(1_000);
    expect((await watching.news({})).hints.map(({ folderId }) => folderId).toSorted()).toEqual([1, 2]);
  });

  it('forgets events of no interest after a moment: only a storm of them may have hidden others', async () => {
    const { clock, opened, watching, target } = setUp();
    await watching.watch({ folders: [target(1)] });
    opened[0]?.ears.onReady();
    clock.advance(1_000);
    await watching.news({});
    const storm = (count: number): void => {
      for (let event = 0; event < count; event++) opened[0]?.ears.onEvent(undefined);
      clock.advance(1_000);
    };
    for (let minute = 0; minute < 3; minute++) storm(300);
    const next = watching.news({});
    expect(await Promise.race([next, settled().then(() => 'nothing')])).toBe('nothing');
    storm(501);
    expect((await next).hints).toEqual([{ folderId: 1, relDirs: null }]);
  });

  it('hands on what is told of folders that nobody can look at any more', async () => {
    const { clock, opened, watching, target } = setUp();
    const root = folderOf(['a.jpg']);
    await watching.watch({ folders: [{ ...target(1), root }] });
    const gone = ['a.jpg/inner', 'n'.repeat(300)];
    for (const relDir of gone) opened[0]?.ears.onEvent(relDir);
    clock.advance(1_000);
    expect((await watching.news({})).hints).toEqual([{ folderId: 1, relDirs: gone }]);
  });

  it('gives up a watch that was refused, says so, looks through the folder, and asks again after a while', async () => {
    const { clock, opened, watching, target } = setUp({ refuse: true });
    await watching.watch({ folders: [target(1)] });
    clock.advance(1_000);
    expect(await watching.news({})).toEqual({
      hints: [{ folderId: 1, relDirs: null }],
      states: [{ folderId: 1, way: 'timer', reason: 'limit' }],
    });
    expect(opened[0]?.close).toHaveBeenCalledOnce();
    await watching.watch({ folders: [target(1)] });
    expect(opened).toHaveLength(1);
    clock.advance(600_000);
    await watching.watch({ folders: [target(1)] });
    expect(opened).toHaveLength(2);
  });

  it('watches anew what is another folder than it was, has other patterns or was lost, and lets go of the rest', async () => {
    const { clock, opened, identities, watching, target } = setUp();
    await watching.watch({ folders: [target(1), target(2)] });
    await watching.watch({ folders: [target(1), target(2)] });
    expect(opened).toHaveLength(2);
    identities.set('/photos-1', '2:1');
    await watching.watch({ folders: [target(1), target(2, ['raw/'])] });
    expect(opened.map(({ close }) => close.mock.calls.length)).toEqual([1, 1, 0, 0]);
    opened[2]?.ears.onTrouble('lost');
    clock.advance(1_000);
    expect((await watching.news({})).states[0]).toEqual({ folderId: 1, way: 'timer', reason: 'lost' });
    await watching.watch({ folders: [target(1)] });
    expect(opened).toHaveLength(5);
    expect(opened[3]?.close).toHaveBeenCalledOnce();
    identities.set('/photos-1', null);
    await watching.watch({ folders: [target(1)] });
    expect((await watching.news({})).states).toEqual([]);
  });

  it('goes on with the other folders where one cannot be watched at all', async () => {
    const { clock, opened, watching, target } = setUp({ throwsFor: 1 });
    await watching.watch({ folders: [target(1), target(2)] });
    expect(opened.map((one) => one.target.folderId)).toEqual([2]);
    clock.advance(1_000);
    expect((await watching.news({})).states).toMatchObject([
      { folderId: 1, way: 'timer', reason: 'failed' },
      { folderId: 2, way: 'opening' },
    ]);
  });

  it('waits two seconds for a drive that hangs, asks it once, and goes on with the other folders', async () => {
    const hung = Promise.withResolvers<string>();
    const { clock, opened, watching, target, identities, identityOf } = setUp();
    identities.set('/photos-1', hung.promise);
    const targets = [target(1), target(2)];
    const first = watching.watch({ folders: targets });
    await settled(1);
    expect(opened).toEqual([]);
    clock.advance(2_000);
    await first;
    expect(opened.map((one) => one.target.folderId)).toEqual([2]);
    await watching.watch({ folders: targets });
    expect(identityOf.mock.calls.filter(([root]) => root === '/photos-1')).toHaveLength(1);
    hung.resolve('1:1');
    await settled(1);
    await watching.watch({ folders: targets });
    expect(opened.map((one) => one.target.folderId)).toEqual([2, 1]);
    // A watch that stands is kept while its drive is slow to answer.
    identities.set('/photos-1', new Promise(() => undefined));
    const late = watching.watch({ folders: targets });
    await settled(1);
    clock.advance(2_000);
    await late;
    expect(opened[1]?.close).not.toHaveBeenCalled();
  });

  it('watches no network drive', async () => {
    const { opened, watching, target } = setUp({ timed: '/photos-1' });
    await watching.watch({ folders: [target(1)] });
    expect((await watching.news({})).states).toEqual([{ folderId: 1, way: 'timer', reason: 'network' }]);
    expect(opened).toEqual([]);
  });
});
