import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { answeringKey, createAnsweringPack } from '../../../../../main/services/models/answering-pack.ts';
import { packChoice } from '../../../../../main/services/models/pack-choice.ts';
import { openedPack, vectorOf } from '../../../../helpers/fake-inference.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';

function packOf(id: string) {
  return { ...openedPack, id, imageModelId: `${id}@1/image` };
}

function poolOf(id: string, log: string[] = []) {
  const vectors = [vectorOf(id)];
  return {
    pack: async () => packOf(id),
    embedText: async () => ({ text: vectors, sentence: vectors }),
    parts: async () => [],
    warmText: async () => void log.push(`warm ${id}`),
    shutdown: async () => void log.push(`end ${id}`),
  };
}

/** A pool that starts slowly: whoever waits for it is refused where it is ended meanwhile. */
function slowPoolOf(id: string, log: string[]) {
  let refuse: (error: AppError) => void = () => undefined;
  const starting = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  return {
    ...poolOf(id, log),
    pack: () => starting,
    shutdown: async () => refuse(new AppError('inference/crashed', 'was shut down')),
  };
}

function setUp(options: { stored?: unknown; missing?: string; slow?: string } = {}) {
  const log: string[] = [];
  const stored: Record<string, unknown> = { 'models.pack': 'old', [answeringKey]: options.stored };
  const state = { chosen: 'old', indexed: 5, pending: 0 };
  const db = {
    readSettings: async () => stored,
    async writeSettings({ values }: { values: Readonly<Record<string, unknown>> }) {
      log.push(`write ${Object.keys(values).sort().join(' ')}`);
      Object.assign(stored, values);
    },
    counts: async () => ({ indexed: state.indexed, pending: state.pending }) as never,
  };
  const clock = manualClock();
  const answering = createAnsweringPack(
    {
      db,
      choice: packChoice(db, 'old'),
      inference: {
        pack: () => poolOf(state.chosen).pack(),
        embedText: () => poolOf(state.chosen).embedText(),
        parts: () => poolOf(state.chosen).parts(),
        warmText: () => poolOf(state.chosen, log).warmText(),
      },
      startPool({ id }) {
        if (id === options.slow) return slowPoolOf(id, log);
        return id === options.missing
          ? { ...poolOf(id, log), pack: () => Promise.reject(new AppError('model/missing', 'not installed')) }
          : poolOf(id, log);
      },
      clock,
    },
    options.stored,
  );
  const answers = async () => (await answering.models.pack()).id;
  async function choose(id: string, pending = 5): Promise<void> {
    await answering.choice.write(id);
    state.chosen = id;
    state.pending = pending;
  }
  return { answering, answers, choose, clock, log, state, stored };
}

const call = { signal: new AbortController().signal };

describe('the pack that answers', () => {
  it('is the one before until the chosen one has seen every photo; both are written at once', async () => {
    const { answering, answers, choose, clock, log, state, stored } = setUp();
    await choose('new');
    expect(log).toEqual([`write ${answeringKey} models.pack`]);
    expect(stored).toEqual({ 'models.pack': 'new', [answeringKey]: { id: 'old', revision: '1' } });
    expect(await answers()).toBe('old');
    expect((await answering.models.coming?.())?.id).toBe('new');
    expect(await answering.models.embedText({ texts: ['a'] }, call)).toEqual(await poolOf('old').embedText());
    state.pending = 0;
    clock.advance(1_000);
    expect(await answers()).toBe('new');
    expect(await answering.models.embedText({ texts: ['a'] }, call)).toEqual(await poolOf('new').embedText());
    expect(stored[answeringKey]).toBeNull();
    expect(log).toContain('end old');
  });

  it('is the chosen one for whoever still waited for the one before when that was ended', async () => {
    const { answers, clock, state } = setUp({ stored: { id: 'old', revision: '1' }, slow: 'old' });
    Object.assign(state, { chosen: 'new', pending: 5 });
    const waiting = answers();
    await settled();
    state.pending = 0;
    clock.advance(1_000);
    expect(await answers()).toBe('new');
    expect(await waiting).toBe('new');
  });

  it('is the chosen one at once where the one before had found nothing', async () => {
    const { answers, choose, state } = setUp();
    state.indexed = 0;
    await choose('new');
    expect(await answers()).toBe('new');
  });

  it('goes on over a restart, and over a second choice; choosing it again ends the wait', async () => {
    const { answers, choose, log, state } = setUp({ stored: { id: 'old', revision: '1' } });
    Object.assign(state, { chosen: 'new', pending: 3 });
    expect(await answers()).toBe('old');
    await choose('newest');
    expect(await answers()).toBe('old');
    expect(log).not.toContain('end old');
    await choose('old');
    expect(await answers()).toBe('old');
    expect(log).toContain('end old');
  });

  it('gives way where it was deleted meanwhile', async () => {
    const { answers, state, stored } = setUp({ stored: { id: 'gone', revision: '1' }, missing: 'gone' });
    Object.assign(state, { chosen: 'new', pending: 3 });
    expect(await answers()).toBe('new');
    expect(stored[answeringKey]).toBeNull();
  });

  it.each([undefined, null, 7, { id: 3 }, { id: 'a' }])('is the chosen one where %j is noted', async (stored) => {
    expect(await setUp({ stored }).answers()).toBe('old');
  });
});
