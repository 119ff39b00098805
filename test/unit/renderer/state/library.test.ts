import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packTimeline, timelineFlags } from '../../../../preload/contract/timeline.ts';
import type { AppConnection } from '../../../../renderer/state/app-context.ts';
import { LibraryState } from '../../../../renderer/state/library.svelte.ts';

/** A library of so many photos at a revision, and a line to it that notes what is asked. */
function fakeLibrary() {
  const asked: string[] = [];
  const heard = new Map<string, (data: never) => void>();
  const library = {
    revision: 1,
    ids: [3, 2, 1],
    broken: false,
    asked,
    changed() {
      library.revision++;
      heard.get('library.changed')?.({ revision: library.revision } as never);
    },
    gap: () => heard.get('gap')?.(undefined as never),
    fetchTimeline: async (asOf: number): Promise<ArrayBuffer> => {
      asked.push(`timeline ${asOf}`);
      if (library.broken) throw new Error('no answer');
      const { ids, revision } = library;
      const timeline = {
        revision,
        count: ids.length,
        ids: Uint32Array.from(ids),
        days: new Int32Array(ids.length),
        ratios: new Uint16Array(ids.length).fill(1000),
        colours: new Uint16Array(ids.length),
        flags: Uint8Array.from(ids, (id) => (id === 2 ? timelineFlags.favourite : 0)),
      };
      return packTimeline(timeline).buffer as ArrayBuffer;
    },
    connection: {
      api: {
        library: {
          revision: async () => ({ revision: library.revision, photos: library.ids.length }),
          cells: async ({ photoIds }: { photoIds: number[] }) => {
            asked.push(`cells ${photoIds.join(' ')}`);
            const known = photoIds.filter((id) => library.ids.includes(id));
            return {
              photoIds: known,
              labels: known.map((id) => `photo ${id} at ${library.revision}`),
              mediaRevisions: known.map(() => library.revision),
            };
          },
        },
      },
      on(name: string, listener: (data: never) => void) {
        heard.set(name, listener);
        return () => heard.delete(name);
      },
      onGap(listener: () => void) {
        heard.set('gap', listener);
        return () => heard.delete('gap');
      },
    } as unknown as AppConnection,
  };
  return library;
}

describe('library state', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function started() {
    const fake = fakeLibrary();
    const state = new LibraryState(fake.connection, fake.fetchTimeline);
    const stop = state.start();
    await vi.advanceTimersByTimeAsync(0);
    return { fake, state, stop };
  }

  it('loads the timeline and finds photos in it', async () => {
    const { fake, state } = await started();
    expect(state.loaded).toBe(true);
    expect([...state.list.ids]).toEqual([3, 2, 1]);
    expect([...state.favourites.ids]).toEqual([2]);
    expect([state.indexOf(1), state.indexOf(9)]).toEqual([2, -1]);
    expect(fake.asked).toEqual(['timeline 1']);
  });

  it('fetches once for many changes in a row, and in the end has the newest', async () => {
    const { fake, state } = await started();
    for (let i = 0; i < 20; i++) fake.changed();
    fake.ids = [4, 3, 2, 1];
    await vi.advanceTimersByTimeAsync(1000);
    expect(fake.asked).toEqual(['timeline 1', 'timeline 21']);
    expect(state.timeline.revision).toBe(21);
  });

  it('asks after a gap, and fetches only where something changed', async () => {
    const { fake } = await started();
    fake.gap();
    await vi.advanceTimersByTimeAsync(100);
    expect(fake.asked.length).toBe(1);
    fake.revision = 5;
    fake.gap();
    await vi.advanceTimersByTimeAsync(100);
    expect(fake.asked.at(-1)).toBe('timeline 5');
  });

  it('keeps what it has while the library does not answer, says so, and tries again', async () => {
    const { fake, state } = await started();
    fake.broken = true;
    fake.changed();
    await vi.advanceTimersByTimeAsync(500);
    expect([state.problem, state.timeline.revision]).toEqual(['no answer', 1]);
    fake.broken = false;
    await vi.advanceTimersByTimeAsync(2500);
    expect([state.problem, state.timeline.revision]).toEqual([null, 2]);
  });

  it('stops when it is told to', async () => {
    const { fake, stop } = await started();
    stop();
    fake.changed();
    await vi.advanceTimersByTimeAsync(5000);
    expect(fake.asked.length).toBe(1);
  });

  it('fetches the names of what is in view once, again when the library changed, and a gone photo not for ever', async () => {
    const { fake, state } = await started();
    fake.asked.length = 0;
    state.cells.want([3, 2, 77]);
    await vi.advanceTimersByTimeAsync(0);
    state.cells.want([2, 1]);
    await vi.advanceTimersByTimeAsync(0);
    state.cells.want([3, 2, 77]);
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.asked).toEqual(['cells 3 2 77', 'cells 1']);
    expect(state.cells.get(3)?.label).toBe('photo 3 at 1');
    fake.changed();
    await vi.advanceTimersByTimeAsync(1000);
    expect(fake.asked.slice(2)).toEqual(['timeline 2', 'cells 3 2 77']);
    expect(state.cells.get(3)).toMatchObject({ label: 'photo 3 at 2', mediaRevision: 2 });
  });
});
