// What a window is told of its host, and which states it shows a banner for.
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { createPlaceBook } from '../../../../../main/platform/place-book.ts';
import { bannersOf } from '../../../../../main/services/shell/banners.ts';
import { createShellService, type ShellServiceParts } from '../../../../../main/services/shell/shell-service.ts';
import { type ErrorCode, retryByCode } from '../../../../../preload/contract/errors.ts';
import { Banner, Capabilities } from '../../../../../preload/contract/shell.ts';
import { fakePool } from '../../../../helpers/fake-inference.ts';

const well = { mode: 'owner', problem: null, inference: [] } as const;
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
    expect(bannersOf({ ...well, mode: 'reader' })).toMatchObject([{ kind: 'second-program', severity: 'warning' }]);
  });
});

describe('shell service', () => {
  const photoFile = { path: '/p/a.jpg', sha256: 'a', sizeBytes: 1, format: 'jpeg', orientation: 1, mediaRevision: 1 };
  function setUp(over: Partial<ShellServiceParts> = {}) {
    const reveal = vi.fn(async () => undefined);
    const retry = vi.fn();
    const restart = vi.fn();
    const service = createShellService({
      db: { photoFile: async ({ photoId }) => (photoId === 7 ? photoFile : null) },
      mode: 'owner',
      inference: { ...fakePool(), restart },
      work: { problem: () => null, retry },
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
    return { service, reveal, retry, restart };
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

  it('does what a banner offers', () => {
    const { service, retry, restart } = setUp();
    service.act('retry');
    expect([retry.mock.calls.length, restart.mock.calls.length]).toEqual([1, 0]);
    service.act('restart-inference');
    expect([retry.mock.calls.length, restart.mock.calls.length]).toEqual([2, 1]);
  });
});
