// Changes of the library: told once for a burst of writes, whoever writes, and asked for only where another program may write.
import { describe, expect, it, vi } from 'vitest';
import { createEventHub } from '../../../../main/api/event-hub.ts';
import { createLibraryChanges, observedLibrary } from '../../../../main/api/library-changes.ts';
import type { LibraryDb } from '../../../../main/library-db/library-db.ts';
import { silentLog } from '../../../../main/platform/log.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';

function setUp(mode: 'owner' | 'reader') {
  const clock = manualClock();
  const events = createEventHub(clock);
  const told: unknown[] = [];
  let revision = 1;
  const read = vi.fn(async () => ({ revision, photos: 0 }));
  const changes = createLibraryChanges({ db: { revision: read }, mode, events, clock, log: silentLog() });
  const listen = () => events.subscribe({ canTake: () => true, send: (frame) => void told.push(frame.data) });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settled(1);
    clock.advance(1_000);
  };
  return { clock, changes, told, read, listen, pass, rise: () => void revision++ };
}

describe('library changes', () => {
  it('are told once for many writes, and not at all where nothing shown has changed', async () => {
    const { changes, told, read, listen, pass, rise } = setUp('owner');
    listen();
    for (let write = 0; write < 50; write++) changes.wrote();
    await pass(200);
    expect([read.mock.calls.length, told]).toEqual([1, [{ revision: 1 }]]);
    changes.wrote();
    await pass(200);
    expect(told).toHaveLength(1);
    rise();
    changes.wrote();
    await pass(200);
    expect(told).toEqual([{ revision: 1 }, { revision: 2 }]);
  });

  it('of another program are asked for, while somebody looks', async () => {
    const { told, read, listen, pass, changes, clock } = setUp('reader');
    await pass(2_000);
    expect(read).not.toHaveBeenCalled();
    listen();
    await pass(2_000);
    expect(told).toEqual([{ revision: 1 }]);
    changes.close();
    expect(clock.waiting()).toEqual([]);
  });

  it('pass over a library that cannot be read just now', async () => {
    const { changes, told, read, listen, pass } = setUp('owner');
    listen();
    read.mockRejectedValueOnce(new Error('busy'));
    changes.wrote();
    await pass(200);
    changes.wrote();
    await pass(200);
    expect(told).toHaveLength(1);
  });
});

it('an observed library tells of writes once they have ended, well or not, and of no reads', async () => {
  const wrote = vi.fn();
  const db = {
    revision: async () => ({ revision: 1, photos: 0 }),
    setOffline: async () => undefined,
    registerFolder: async () => {
      throw new Error('full');
    },
  } as unknown as LibraryDb;
  const observed = observedLibrary(db, (method) => method !== 'revision', wrote);
  await observed.revision();
  expect(wrote).not.toHaveBeenCalled();
  await observed.setOffline({ folderIds: [] });
  await expect(observed.registerFolder({ path: '/p', now: 0 })).rejects.toThrow('full');
  expect(wrote).toHaveBeenCalledTimes(2);
  expect(await observed).toBe(observed);
});
