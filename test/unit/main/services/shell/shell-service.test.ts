// What a window is told of its host, and which states it shows a banner for.
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { createPlaceBook } from '../../../../../main/platform/place-book.ts';
import { bannersOf } from '../../../../../main/services/shell/banners.ts';
import {
  type Conditions,
  createConditionBook,
  recentRestoration,
} from '../../../../../main/services/shell/conditions.ts';
import { createShellService, type ShellServiceParts } from '../../../../../main/services/shell/shell-service.ts';
import { type ErrorCode, retryByCode } from '../../../../../preload/contract/errors.ts';
import { Banner, Capabilities } from '../../../../../preload/contract/shell.ts';
import { fakePool } from '../../../../helpers/fake-inference.ts';

const calm = { folders: [], watching: null, restored: null, backupProblem: null, searchStopped: false } as const;
const well = { ...calm, isSecond: false, problem: null, inference: [] } as const;
const folder = { name: 'Pictures', state: 'ready', problem: null, vanished: 0 } as const;
const degraded = { name: 'degraded', error: new AppError('inference/crashed', 'ended 3 times') } as const;
const ready = { name: 'ready', facts: null, pid: 1 } as const;

describe('banners', () => {
  it('are none when all is well', () => {
    expect(
      bannersOf({ ...well, inference: [ready, { name: 'idle' }, { name: 'waiting', reason: '', retryInMs: 9 }] }),
    ).toEqual([]);
  });

  it.each(Object.keys(retryByCode) as ErrorCode[])('say what to do about %s', (code) => {
    const [banner] = bannersOf({ ...well, problem: new AppError(code, 'this and that') });
    expect(Banner.parse(banner).text).toMatch(/^[A-Z][^\n]+\.?$/);
  });

  it('offer what helps', () => {
    const actionOf = (code: ErrorCode) =>
      bannersOf({ ...well, problem: new AppError(code, 'x') }).map(({ kind, action }) => `${kind} ${action}`);
    expect(actionOf('model/checksum')).toEqual(['model open-settings']);
    expect(actionOf('inference/unavailable')).toEqual(['inference-stopped restart-inference']);
    expect(actionOf('store/disk-full')).toEqual(['disk-full retry']);
    expect(actionOf('store/read-only')).toEqual(['store-read-only retry']);
  });

  it('say that reading has stopped where every process gave up, not where one of them did', () => {
    expect(bannersOf({ ...well, inference: [degraded, ready] })).toEqual([]);
    expect(bannersOf({ ...well, inference: [degraded, { name: 'idle' }] })).toMatchObject([
      { kind: 'inference-stopped' },
    ]);
  });

  it('say that another program owns the library', () => {
    expect(bannersOf({ ...well, isSecond: true })).toMatchObject([{ kind: 'second-program', severity: 'warning' }]);
  });
});

describe('banners of folders', () => {
  const said = (...folders: Conditions['folders']) =>
    bannersOf({ ...well, folders }).map(({ kind, action, text }) => {
      expect(action).toBe(kind === 'files-vanished' ? 'answer-vanished' : 'open-folders');
      return `${kind}: ${text}`;
    });

  it('say that a drive is away, in one sentence for all of them', () => {
    expect(said({ ...folder, name: 'Disk', state: 'offline' })).toEqual([
      'folder-offline: “Disk” is not connected. Its photos stay in the library and can be searched; connect the drive, or put the folder back, to open them in full.',
    ]);
    const names = ['A', 'B', 'C'];
    expect(said(...names.map((name) => ({ ...folder, name, state: 'offline' as const })))).toEqual([
      expect.stringMatching(/^folder-offline: “A”, “B” and “C” are not connected\. Their photos stay/),
    ]);
  });

  it('ask what happened to files that vanished', () => {
    expect(said({ ...folder, vanished: 1412 })).toEqual([
      'files-vanished: 1,412 photos in “Pictures” are gone from the disk. They stay in the library until you say what happened.',
    ]);
    expect(said({ ...folder, vanished: 1 }, { ...folder, vanished: 30 })).toEqual([
      expect.stringContaining('31 photos in 2 folders are gone from the disk.'),
    ]);
  });

  it('tell an emptied folder from one whose files vanished, and say why one cannot be read', () => {
    expect(said({ ...folder, state: 'emptied', vanished: 9 })).toEqual([
      expect.stringMatching(/^files-vanished: “Pictures” is there, but none of the photos that were in it\./),
    ]);
    expect(said({ ...folder, state: 'emptied', vanished: 0 })).toEqual([]);
    expect(said({ ...folder, state: 'error', problem: 'Give yourself permission to read it.' })).toEqual([
      'folder-offline: “Pictures” cannot be read. Give yourself permission to read it.',
    ]);
  });

  it('are none of a folder that is well', () => {
    expect(said(folder, { ...folder, state: 'scanning' })).toEqual([]);
  });
});

describe('banners of the rest of the table of bad days', () => {
  it('say from when the copy is that took the place of a damaged library', () => {
    const restored = {
      backupAt: new Date(2026, 4, 3, 14, 5).getTime(),
      aside: 'library-damaged-1.db',
      isWhole: false,
      wasAsked: false,
    };
    expect(bannersOf({ ...well, restored })).toEqual([
      {
        kind: 'library-restored',
        severity: 'warning',
        text: expect.stringMatching(
          /put back from its copy of 3 May 2026(,| at) 14:05;.*may be missing\. .*kept as library-damaged-1\.db\.$/,
        ),
        action: null,
      },
    ]);
  });

  it('say what became of the person’s words, and that a new library was begun where there was no copy', () => {
    const textOf = (restored: NonNullable<Conditions['restored']>) => bannersOf({ ...well, restored })[0]?.text;
    expect(textOf({ backupAt: 1, aside: null, isWhole: true, wasAsked: false })).toMatch(
      /All that you had written and marked is there\.$/,
    );
    expect(textOf({ backupAt: null, aside: null, isWhole: false, wasAsked: false })).toMatch(
      /^The library was damaged, and a new one was begun;/,
    );
  });

  it('never say that all is there after the person chose an older copy', () => {
    const textOf = (restored: NonNullable<Conditions['restored']>) => bannersOf({ ...well, restored })[0]?.text;
    const chosen = { aside: 'replaced/library-1.db', isWhole: true, wasAsked: true };
    expect(textOf({ ...chosen, backupAt: new Date(2026, 4, 3, 14, 5).getTime() })).toMatch(
      /^The library was put back from its copy of 3 May 2026(,| at) 14:05;.*after that copy was made is not in it\. /,
    );
    expect(textOf({ ...chosen, backupAt: null })).toMatch(/^The library was put back from the copy you chose;/);
  });

  it('say why a backup was not made', () => {
    expect(bannersOf({ ...well, backupProblem: 'The disk is full.' })).toMatchObject([
      {
        kind: 'backup-failed',
        text: expect.stringContaining('could not be made. The disk is full. '),
      },
    ]);
  });

  it('speak of a restoration for a week', () => {
    const restored = {
      restoredAt: 1e12,
      backup: 'b',
      backupAt: 9e11,
      aside: null,
      wordsKept: 0,
      isWhole: true,
      wasAsked: true,
    };
    expect(recentRestoration(restored, 1e12 + 6 * 86_400_000)).toEqual({
      backupAt: 9e11,
      aside: null,
      isWhole: true,
      wasAsked: true,
    });
    expect(recentRestoration(restored, 1e12 + 8 * 86_400_000)).toBeNull();
    expect(recentRestoration(null, 0)).toBeNull();
  });

  it('say how late changes are noticed where folders are not watched', () => {
    const textOf = (watching: NonNullable<Conditions['watching']>) => bannersOf({ ...well, watching })[0]?.text;
    expect(textOf({ reason: 'limit', everyMinutes: 60 })).toContain('every hour');
    expect(textOf({ reason: 'failed', everyMinutes: 15 })).toContain('every 15 minutes');
  });

  it('say that searching is slower, and offer to start it again', () => {
    expect(bannersOf({ ...well, searchStopped: true })).toMatchObject([{ action: 'restart-inference' }]);
  });

  it('put what stops everything first', () => {
    const all = bannersOf({
      isSecond: true,
      problem: new AppError('store/disk-full', 'x'),
      inference: [],
      folders: [{ ...folder, state: 'offline' }],
      watching: { reason: 'limit', everyMinutes: 60 },
      restored: { backupAt: 0, aside: null, isWhole: true, wasAsked: false },
      backupProblem: 'The disk is full.',
      searchStopped: true,
    });
    expect(all.map(({ kind }) => kind)).toEqual([
      'library-restored',
      'disk-full',
      'inference-stopped',
      'second-program',
      'folder-offline',
      'watch-limit',
      'backup-failed',
    ]);
    for (const banner of all) expect(() => Banner.parse(banner)).not.toThrow();
  });
});

describe('what befell the library', () => {
  it('is told on where it is news', () => {
    let told = 0;
    const book = createConditionBook(() => told++);
    book.tell({ watching: { reason: 'limit', everyMinutes: 60 } });
    book.tell({ folders: [folder] });
    book.tell({ watching: { reason: 'limit', everyMinutes: 60 }, folders: [{ ...folder }] });
    expect(told).toBe(2);
    expect(book.now()).toEqual({ ...calm, folders: [folder], watching: { reason: 'limit', everyMinutes: 60 } });
  });
});

describe('shell service', () => {
  const photoFile = { path: '/p/a.jpg', sha256: 'a', sizeBytes: 1, format: 'jpeg', orientation: 1, mediaRevision: 1 };
  function setUp(over: Partial<ShellServiceParts> = {}) {
    const reveal = vi.fn(async () => undefined);
    const retry = vi.fn();
    const restart = vi.fn();
    const restartSearch = vi.fn();
    const service = createShellService({
      db: { photoFile: async ({ photoId }) => (photoId === 7 ? photoFile : null) },
      mode: 'owner',
      isSecond: false,
      conditions: createConditionBook(() => undefined),
      inference: { ...fakePool(), restart },
      work: { problem: () => null, retry },
      restartSearch,
      window: {
        capabilities: { pickFolder: 'native', reveal: true, drag: true, openAtLogin: true, tray: true },
        places: createPlaceBook(),
        listPlaces: null,
        pickFolder: null,
        reveal,
      },
      samplePhotosFolder: '/samples',
      version: '9',
      ...over,
    });
    return { service, reveal, retry, restart, restartSearch };
  }

  it('tells what the host can do, and on which device models run', async () => {
    expect(Capabilities.parse(await setUp().service.capabilities())).toEqual({
      pickFolder: 'native',
      reveal: true,
      drag: true,
      openAtLogin: true,
      tray: true,
      version: '9',
      canChange: true,
      samplePhotos: true,
      device: { name: 'cpu', reason: 'always there' },
    });
  });

  it('answers before models are open, and where they cannot be', async () => {
    for (const pack of [
      () => new Promise<never>(() => undefined),
      () => Promise.reject(new AppError('model/load', 'x')),
    ]) {
      const { device } = await setUp({ inference: { ...fakePool(), pack } }).service.capabilities();
      expect(device.name).toBe('unknown');
    }
  });

  it('offers nothing to change beside another program, and nothing of a window to a command', async () => {
    const { canChange, samplePhotos } = await setUp({ mode: 'reader' }).service.capabilities();
    expect([canChange, samplePhotos]).toEqual([false, false]);
    const { service } = setUp({ window: null, samplePhotosFolder: null });
    expect(await service.capabilities()).toMatchObject({ reveal: false, drag: false, samplePhotos: false });
    await expect(service.reveal(7)).rejects.toMatchObject({ code: 'host/unsupported' });
  });

  it('shows a file where it lies, and knows no others', async () => {
    const { service, reveal } = setUp();
    await service.reveal(7);
    expect(reveal).toHaveBeenCalledExactlyOnceWith('/p/a.jpg');
    await expect(service.reveal(8)).rejects.toMatchObject({ code: 'library/photo-not-found' });
  });

  it('speaks of folders as they were looked at last', () => {
    const { service } = setUp();
    const view = {
      folderId: 1,
      name: 'Disk',
      path: '/media/disk',
      photos: 9,
      missing: 9,
      failed: 0,
      pending: 0,
      state: 'offline',
      vanished: 0,
      problem: null,
      exclude: [],
    } as const;
    service.lookedAt([{ ...view, exclude: [] }]);
    expect(service.banners()).toMatchObject([{ kind: 'folder-offline' }]);
    service.lookedAt([{ ...view, state: 'scanning', exclude: [] }]);
    expect(service.banners()).toEqual([]);
  });

  it('does what a banner offers', () => {
    const { service, retry, restart, restartSearch } = setUp();
    service.act('retry');
    expect([retry.mock.calls.length, restart.mock.calls.length]).toEqual([1, 0]);
    service.act('restart-inference');
    expect([retry, restart, restartSearch].map(({ mock }) => mock.calls.length)).toEqual([2, 1, 1]);
  });
});
