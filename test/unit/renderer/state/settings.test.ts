import { describe, expect, it } from 'vitest';
import { defaultSettings, type Settings } from '../../../../preload/contract/settings.ts';
import { SettingsState } from '../../../../renderer/state/settings.svelte.ts';
import { ToastsState } from '../../../../renderer/state/toasts.svelte.ts';
import { callError, fakeConnection, pending, settled } from '../../../helpers/fake-connection.ts';

function opened(answers: Parameters<typeof fakeConnection>[0] = {}) {
  let kept: Settings = defaultSettings;
  const connection = fakeConnection({
    'settings.get': async () => kept,
    'settings.set': async (patch: Partial<Settings>) => {
      kept = { ...kept, ...patch };
      return kept;
    },
    ...answers,
  });
  const toasts = new ToastsState();
  return { connection, toasts, settings: new SettingsState(connection, toasts), kept: () => kept };
}

describe('settings', () => {
  it('show at once and are saved', async () => {
    const { settings, kept } = opened();
    const saved = settings.set({ theme: 'dark' });
    expect(settings.value.theme).toBe('dark');
    await saved;
    expect(kept().theme).toBe('dark');
  });

  it('are saved one after another, the steps between left out', async () => {
    const first = pending<Settings>();
    const patches: Partial<Settings>[] = [];
    const { settings } = opened({
      'settings.set': async (patch: Partial<Settings>) => {
        patches.push(patch);
        return patches.length === 1 ? first.answer : { ...defaultSettings, ...patch };
      },
    });
    void settings.set({ rowHeight: 210 });
    void settings.set({ rowHeight: 220 });
    void settings.set({ rowHeight: 230 });
    first.give({ ...defaultSettings, rowHeight: 210 });
    await settled();
    expect(patches).toEqual([{ rowHeight: 210 }, { rowHeight: 230 }]);
    expect(settings.value.rowHeight).toBe(230);
  });

  it('go back where they are refused, and say why', async () => {
    const { settings, toasts } = opened({
      'settings.set': async () => {
        throw callError('store/read-only', 'the library can only be read');
      },
    });
    await settings.set({ speed: 'full' });
    expect(settings.value.speed).toBe('normal');
    expect(toasts.items.map(({ text }) => text)).toEqual(['the library can only be read']);
  });

  it('survive a lost line: what was not saved is saved when it stands', async () => {
    let down = true;
    const { connection, settings, kept } = opened();
    const set = connection.api.settings.set;
    Object.assign(connection.api.settings, {
      set: (patch: Partial<Settings>) => (down ? Promise.reject(callError('host/disconnected')) : set(patch)),
    });
    const end = settings.start();
    await settled();
    await settings.set({ theme: 'light' });
    expect(settings.value.theme).toBe('light');
    down = false;
    connection.gap();
    await settled();
    expect([kept().theme, settings.value.theme]).toEqual(['light', 'light']);
    end();
  });

  it('keep recent searches: newest last, each once, a longer sentence in place of its beginning', async () => {
    const { settings } = opened();
    for (const text of ['cat', 'dog', 'dog in', ' dog in snow ', 'cat', '']) await settings.remember(text);
    expect(settings.value.recentSearches).toEqual(['dog in snow', 'cat']);
    await settings.forget('cat');
    expect(settings.value.recentSearches).toEqual(['dog in snow']);
    for (let i = 0; i < 30; i++) await settings.remember(`${i} things`);
    expect(settings.value.recentSearches).toHaveLength(20);
  });
});
