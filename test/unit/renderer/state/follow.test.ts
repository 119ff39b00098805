import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventData } from '../../../../preload/contract/events.ts';
import { FailuresState } from '../../../../renderer/failures/failures.svelte.ts';
import { PlacesState } from '../../../../renderer/folders/places.svelte.ts';
import { PacksState } from '../../../../renderer/settings/packs.svelte.ts';
import { FoldersState } from '../../../../renderer/state/folders.svelte.ts';
import { HostState } from '../../../../renderer/state/host.svelte.ts';
import { IndexingState } from '../../../../renderer/state/indexing.svelte.ts';
import { createRefresher } from '../../../../renderer/state/refresher.ts';
import { ToastsState } from '../../../../renderer/state/toasts.svelte.ts';
import { callError, fakeConnection, settled } from '../../../helpers/fake-connection.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const progress = (more: Partial<EventData<'indexing.progress'>>): EventData<'indexing.progress'> => ({
  ...sampleOutputs['indexing.progress'],
  ...more,
});
const countOf = (connection: ReturnType<typeof fakeConnection>, wanted: string): number =>
  connection.calls.filter(({ method }) => method === wanted).length;

describe('refresher', () => {
  it('loads at once, once more for all that asked meanwhile, and not after its end', async () => {
    let loads = 0;
    const refresher = createRefresher(async () => void loads++, 1000);
    for (let i = 0; i < 5; i++) refresher.ask();
    await settled();
    expect(loads).toBe(1);
    await vi.advanceTimersByTimeAsync(900);
    expect(loads).toBe(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(loads).toBe(2);
    refresher.ask();
    refresher.stop();
    refresher.ask();
    await vi.advanceTimersByTimeAsync(5000);
    expect(loads).toBe(3);
  });
});

describe('indexing', () => {
  it('follows the events and asks anew after a gap', async () => {
    const connection = fakeConnection();
    const indexing = new IndexingState(connection, new ToastsState());
    const end = indexing.start();
    await settled();
    connection.tell('indexing.progress', progress({ phase: 'indexing', done: 4, total: 10 }));
    expect([indexing.left, indexing.working]).toEqual([6, true]);
    connection.gap();
    await settled();
    expect([indexing.progress.phase, countOf(connection, 'indexing.progress')]).toEqual(['idle', 2]);
    end();
    connection.tell('indexing.progress', progress({ phase: 'scanning' }));
    expect(indexing.progress.phase).toBe('idle');
  });

  it('takes a refused pause back', async () => {
    const toasts = new ToastsState();
    const connection = fakeConnection({
      'indexing.setPaused': async () => {
        throw callError('store/read-only', 'the library can only be read');
      },
    });
    const indexing = new IndexingState(connection, toasts);
    const pausing = indexing.setPaused(true);
    expect(indexing.progress.paused).toBe(true);
    await pausing;
    expect([indexing.progress.paused, toasts.items[0]?.text]).toEqual([false, 'the library can only be read']);
  });
});

describe('host', () => {
  const [banner] = sampleOutputs['shell.banners'].banners;

  it('hides a notice until it comes back', async () => {
    const connection = fakeConnection();
    const host = new HostState(connection, new ToastsState());
    host.start();
    await settled();
    expect(host.banners).toEqual([banner]);
    host.hide(banner);
    expect(host.banners).toEqual([]);
    connection.tell('shell.banners', { banners: [banner] });
    expect(host.banners).toEqual([]);
    connection.tell('shell.banners', { banners: [] });
    connection.tell('shell.banners', { banners: [banner] });
    expect(host.banners).toEqual([banner]);
  });

  it('speaks of a lost line only when it stays lost', () => {
    const host = new HostState(fakeConnection(), new ToastsState());
    host.heardLine('open');
    host.heardLine('lost');
    vi.advanceTimersByTime(300);
    host.heardLine('open');
    vi.advanceTimersByTime(5000);
    expect(host.line).toBe('open');
    host.heardLine('lost');
    vi.advanceTimersByTime(1000);
    expect(host.line).toBe('lost');
  });
});

describe('folders', () => {
  it('come back by undo, with what was left out of them', async () => {
    const connection = fakeConnection();
    const toasts = new ToastsState();
    const folders = new FoldersState(connection, toasts);
    await folders.remove(structuredClone(sampleOutputs['library.folders'].folders[0]) as never);
    toasts.items[0]?.action?.run();
    await settled();
    expect(connection.calls.filter(({ method }) => /restore|setExclude/.test(method))).toEqual([
      { method: 'library.restoreFolder', input: { folderId: 1 } },
      { method: 'library.setExclude', input: { folderId: 1, exclude: ['*.tmp'] } },
    ]);
  });

  it('say of a folder that overlaps why it was not added', async () => {
    const toasts = new ToastsState();
    const connection = fakeConnection({
      'library.addPlace': async () => {
        throw callError('library/folder-overlaps', 'it lies in a folder of the library');
      },
    });
    expect(await new FoldersState(connection, toasts).add(sampleOutputs['shell.pickFolder'].place)).toBe(false);
    expect(toasts.items[0]?.text).toBe('it lies in a folder of the library');
  });

  it('are being read from the moment one is added until an answer that was asked for afterwards', async () => {
    const connection = fakeConnection();
    const folders = new FoldersState(connection, new ToastsState());
    const adding = folders.add(sampleOutputs['shell.pickFolder'].place);
    expect(folders.reading).toBe(true);
    await adding;
    await settled();
    expect([folders.reading, countOf(connection, 'library.folders')]).toEqual([false, 1]);
  });

  it('are not being read where a folder could not be added', async () => {
    const connection = fakeConnection({
      'library.addPlace': async () => {
        throw callError('library/folder-overlaps', 'it lies in a folder of the library');
      },
    });
    const folders = new FoldersState(connection, new ToastsState());
    await folders.add(sampleOutputs['shell.pickFolder'].place);
    expect(folders.reading).toBe(false);
  });

  it('are asked for again when a run ends that changed nothing', async () => {
    const connection = fakeConnection();
    const folders = new FoldersState(connection, new ToastsState());
    const end = folders.start();
    await settled();
    connection.tell('indexing.progress', progress({ phase: 'scanning' }));
    await vi.advanceTimersByTimeAsync(3000);
    connection.tell('indexing.progress', progress({ phase: 'idle' }));
    await vi.advanceTimersByTimeAsync(3000);
    expect(countOf(connection, 'library.folders')).toBe(3);
    end();
  });
});

describe('places', () => {
  it('go up from the highest folder to the starting points', async () => {
    const connection = fakeConnection({
      'shell.places': async ({ placeId }: { placeId: string | null }) => {
        const place = sampleOutputs['shell.pickFolder'].place;
        return { here: placeId === null ? null : place, parent: null, places: placeId === null ? [place] : [] };
      },
    });
    const places = new PlacesState(connection);
    places.start();
    await settled();
    const [first] = places.places;
    if (first) places.open(first);
    await settled();
    expect(places.here?.placeId).toBe('p1');
    places.up();
    await settled();
    expect([places.here, places.places.length]).toEqual([null, 1]);
  });

  it('stay where they are when a folder cannot be read', async () => {
    let denied = false;
    const connection = fakeConnection({
      'shell.places': async () => {
        if (denied) throw callError('fs/denied', 'it may not be read');
        return structuredClone(sampleOutputs['shell.places']);
      },
    });
    const places = new PlacesState(connection);
    places.start();
    await settled();
    denied = true;
    const [first] = places.places;
    if (first) places.open(first);
    await settled();
    expect([places.places.length, places.problem, places.loading]).toEqual([1, 'it may not be read', false]);
  });
});

describe('failures', () => {
  it('leave the list when they are ignored and come back by undo', async () => {
    const connection = fakeConnection();
    const toasts = new ToastsState();
    const failures = new FailuresState(connection, toasts);
    const end = failures.start();
    await settled();
    await failures.ignore([3]);
    expect([failures.failures, failures.total]).toEqual([[], 0]);
    toasts.items[0]?.action?.run();
    await vi.advanceTimersByTimeAsync(2000);
    expect(connection.calls.filter(({ method }) => method === 'library.ignoreFailures')).toEqual([
      { method: 'library.ignoreFailures', input: { fileIds: [3], ignored: true } },
      { method: 'library.ignoreFailures', input: { fileIds: [3], ignored: false } },
    ]);
    expect([countOf(connection, 'library.retryFailures'), failures.failures.length]).toEqual([0, 1]);
    end();
  });
});

describe('packs', () => {
  it('are listed anew when a download is done', async () => {
    const connection = fakeConnection();
    const packs = new PacksState(connection, new ToastsState());
    packs.start();
    await settled();
    expect(packs.downloadOf('best')?.state).toBe('running');
    const done = { packId: 'best', state: 'done', doneBytes: 10, totalBytes: 10, error: null } as const;
    connection.tell('models.downloads', { downloads: [done] });
    await settled();
    expect(countOf(connection, 'models.packs')).toBe(2);
  });
});

describe('messages', () => {
  it('go away by themselves, but not from under the pointer', () => {
    const toasts = new ToastsState();
    toasts.say('one');
    toasts.hold(true);
    vi.advanceTimersByTime(60_000);
    expect(toasts.items).toHaveLength(1);
    toasts.hold(false);
    vi.advanceTimersByTime(10_000);
    expect(toasts.items).toHaveLength(0);
  });

  it('are three at most, the newest', () => {
    const toasts = new ToastsState();
    for (const text of ['a', 'b', 'c', 'd']) toasts.say(text);
    expect(toasts.items.map(({ text }) => text)).toEqual(['b', 'c', 'd']);
  });

  it('say so when an undo fails', async () => {
    const toasts = new ToastsState();
    toasts.say('gone', async () => {
      throw callError('store/busy', 'the library is busy');
    });
    toasts.items[0]?.action?.run();
    await settled();
    expect(toasts.items.at(-1)?.text).toBe('the library is busy');
  });
});
