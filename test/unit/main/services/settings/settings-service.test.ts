// Settings: defaults, what is stored, what another version stored, and who hears of changes.
import { describe, expect, it } from 'vitest';
import { createSettingsService } from '../../../../../main/services/settings/settings-service.ts';
import { defaultSettings } from '../../../../../preload/contract/settings.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';

function setUp(mode: 'owner' | 'reader' = 'owner') {
  const db = fakeLibraryDb();
  const service = createSettingsService({ db, mode });
  const heard: unknown[] = [];
  const end = service.onChange((settings) => heard.push(settings));
  return { db, service, heard, end };
}

describe('settings service', () => {
  it('answers defaults, and after a change the whole', async () => {
    const { db, service, heard, end } = setUp();
    expect(await service.get()).toEqual(defaultSettings);
    const changed = { ...defaultSettings, theme: 'dark', rowHeight: 240 };
    expect(await service.set({ theme: 'dark', rowHeight: 240 })).toEqual(changed);
    expect(await createSettingsService({ db, mode: 'owner' }).get()).toEqual(changed);
    expect(await service.set({ theme: 'dark' })).toEqual(changed);
    end();
    await service.set({ theme: 'light' });
    expect(heard).toEqual([changed]);
  });

  it('does not trip over values of another version, and leaves keys of others alone', async () => {
    const { db, service } = setUp();
    await db.writeSettings({ values: { theme: 'purple', rowHeight: 1e9, speed: 'full', pack: 'best' } });
    expect(await service.get()).toEqual({ ...defaultSettings, speed: 'full' });
    await service.set({ theme: 'dark' });
    expect(await db.readSettings()).toMatchObject({ pack: 'best', theme: 'dark' });
  });

  it('takes changes one after the other', async () => {
    const { service } = setUp();
    await Promise.all([service.set({ theme: 'dark' }), service.set({ speed: 'quiet' }), service.set({ paused: true })]);
    expect(await service.get()).toEqual({ ...defaultSettings, theme: 'dark', speed: 'quiet', paused: true });
  });

  it('refuses what is out of bounds and changes nothing', async () => {
    const { service, heard } = setUp();
    await expect(service.set({ rowHeight: 5 })).rejects.toThrow();
    expect(await service.set({ speed: 'full' })).toEqual({ ...defaultSettings, speed: 'full' });
    expect(heard).toHaveLength(1);
  });

  it('keeps changes to itself beside the program that owns the library', async () => {
    const { db, service } = setUp('reader');
    expect(await service.set({ theme: 'dark' })).toEqual({ ...defaultSettings, theme: 'dark' });
    expect(await service.get()).toEqual({ ...defaultSettings, theme: 'dark' });
    expect(db.calls).not.toContain('writeSettings');
  });
});
