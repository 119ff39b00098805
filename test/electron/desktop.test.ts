// The desktop window from start to end over a fake Electron: order of the start, one instance, links, menu, tray, settings, crashes, clean end.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../main/platform/app-error.ts';
import { defaultSettings } from '../../preload/contract/settings.ts';
import { startDesktop, testHash } from '../helpers/desktop.ts';
import { type MenuItem, preventable, sendFromPage } from '../helpers/fake-electron.ts';
import { settled } from '../helpers/manual-clock.ts';

const progress = {
  phase: 'indexing',
  done: 5,
  total: 10,
  failed: 0,
  photosPerSecond: 2,
  secondsLeft: 150,
  paused: false,
  current: 'a.jpg',
} as const;
const idle = { ...progress, phase: 'idle', secondsLeft: null, current: null } as const;

function item(items: readonly MenuItem[], label: string): MenuItem {
  const found = items.flatMap((one) => [one, ...(one.submenu ?? [])]).find((one) => one.label === label);
  if (!found) throw new Error(`no entry ${label}`);
  return found;
}

describe('start', () => {
  it('declares the scheme and the sandbox before Electron is ready, the guards before the first window', async () => {
    const { electron } = await startDesktop();
    const names = electron.calls.map(([name]) => name);
    expect(names.slice(0, 6)).toEqual([
      'app.requestSingleInstanceLock',
      'app.enableSandbox',
      'app.setAppUserModelId',
      'app.setAsDefaultProtocolClient',
      'crashReporter.start',
      'protocol.registerSchemesAsPrivileged',
    ]);
    expect(names.indexOf('(ready)')).toBeGreaterThan(names.indexOf('protocol.registerSchemesAsPrivileged'));
    expect(names.indexOf('protocol.handle')).toBeGreaterThan(names.indexOf('(ready)'));
    expect(names.indexOf('new BrowserWindow')).toBeGreaterThan(names.indexOf('protocol.handle'));
    expect(electron.session.request).not.toBeNull();
  });

  it('links are taken over by what is installed, not by a checkout', async () => {
    const { electron } = await startDesktop({
      before: (fake) => {
        fake.app.isPackaged = false;
      },
    });
    expect(electron.calls.map(([name]) => name)).not.toContain('app.setAsDefaultProtocolClient');
  });

  it('crash dumps stay on the computer', async () => {
    const { electron } = await startDesktop();
    expect(electron.calls).toContainEqual(['crashReporter.start', { uploadToServer: false }]);
  });

  it('loads our page, and shows the window once it is painted', async () => {
    const { window } = await startDesktop();
    expect(window().calls).toEqual([['loadURL', 'app://photoseek/']]);
    window().emit('ready-to-show');
    expect(window().calls.at(-1)).toEqual(['show']);
  });

  it('a failure is told in one sentence and ends the process', async () => {
    const compose = async (): Promise<never> => {
      throw new AppError('store/newer-than-app', 'This library needs Photoseek 2.');
    };
    const { electron } = await startDesktop({ parts: { compose } });
    expect(electron.calls).toContainEqual([
      'dialog.showErrorBox',
      'Photoseek could not start',
      'This library needs Photoseek 2.',
    ]);
    expect(electron.calls.at(-1)).toEqual(['app.exit', 1]);
    expect(electron.windows).toEqual([]);
  });

  it('a page that is not built is told before anything is opened', async () => {
    const readAssets = (): never => {
      throw new AppError('host/unsupported', 'The interface is not built.');
    };
    const { electron, ports } = await startDesktop({ parts: { readAssets } });
    expect(electron.calls.at(-1)).toEqual(['app.exit', 1]);
    expect(ports).toThrow('nothing was composed');
  });
});

describe('one instance', () => {
  it('a second one ends at once and touches nothing', async () => {
    const { electron, ports } = await startDesktop({
      mayStart: false,
      before: (fake) => {
        fake.app.first = false;
      },
    });
    expect(electron.calls).toEqual([['app.requestSingleInstanceLock'], ['app.quit']]);
    expect(ports).toThrow('nothing was composed');
  });

  it('the first one comes to the front, out of the task bar', async () => {
    const { electron, window } = await startDesktop();
    window().minimised = true;
    electron.app.emit('second-instance', {}, ['photoseek']);
    expect(window().calls.slice(1)).toEqual([['restore'], ['show'], ['focus']]);
    expect(electron.windows).toHaveLength(1);
  });
});

describe('links', () => {
  const commandsOf = (desktop: Awaited<ReturnType<typeof startDesktop>>) =>
    desktop.messages().flatMap((message) => (message.kind === 'command' ? [message.command] : []));

  it('one that started the application waits for the page', async () => {
    const desktop = await startDesktop({ parts: { argv: ['photoseek://search?text=two+dogs'] } });
    expect(commandsOf(desktop)).toEqual([]);
    sendFromPage(desktop.electron, desktop.window(), { kind: 'open' });
    expect(commandsOf(desktop)).toEqual([{ name: 'search', text: 'two dogs' }]);
  });

  it('one of a second start, and one of macOS, go to the open window', async () => {
    const desktop = await startDesktop();
    sendFromPage(desktop.electron, desktop.window(), { kind: 'open' });
    desktop.electron.app.emit('second-instance', {}, ['photoseek', 'photoseek://photo/17']);
    const event = preventable();
    desktop.electron.app.emit('open-url', event, 'photoseek://search?text=snow');
    expect(event.prevented).toBe(true);
    expect(commandsOf(desktop)).toEqual([
      { name: 'photo', photoId: 17 },
      { name: 'search', text: 'snow' },
    ]);
  });

  it('one that asks for nothing we know is not heeded', async () => {
    const desktop = await startDesktop();
    sendFromPage(desktop.electron, desktop.window(), { kind: 'open' });
    desktop.electron.app.emit('open-url', preventable(), 'photoseek://delete/1');
    expect(commandsOf(desktop)).toEqual([]);
  });
});

describe('menu', () => {
  it('sends commands to the page, also when the window was closed', async () => {
    const desktop = await startDesktop({ parts: { platform: 'darwin' } });
    sendFromPage(desktop.electron, desktop.window(), { kind: 'open' });
    item(desktop.electron.menu(), 'Find').click?.();
    expect(desktop.messages().at(-1)).toEqual({ kind: 'command', command: { name: 'find' } });
    desktop.window().close();
    item(desktop.electron.menu(), 'Add Folder…').click?.();
    expect(desktop.electron.windows).toHaveLength(2);
    sendFromPage(desktop.electron, desktop.window(), { kind: 'open' });
    expect(desktop.messages().at(-1)).toEqual({ kind: 'command', command: { name: 'add-folder' } });
  });

  it('offers developer tools only where it is not packaged', async () => {
    const labels = async (isPackaged: boolean) => {
      const { electron } = await startDesktop({
        before: (fake) => {
          fake.app.isPackaged = isPackaged;
        },
      });
      return JSON.stringify(electron.menu());
    };
    expect(await labels(true)).not.toMatch(/toggleDevTools|reload/);
    expect(await labels(false)).toMatch(/toggleDevTools/);
  });
});

describe('tray and task bar', () => {
  it('show the work while there is some', async () => {
    const { electron, events, clock, window } = await startDesktop();
    expect(electron.trays).toEqual([]);
    events.publish('indexing.progress', progress);
    expect(electron.trays.map(({ tooltip }) => tooltip)).toEqual(['Photoseek: indexing 5 of 10, 3 min left']);
    expect(window().calls.at(-1)).toEqual(['setProgressBar', 0.5]);
    clock.advance(250);
    events.publish('indexing.progress', idle);
    expect(electron.trays[0]?.destroyed).toBe(true);
    expect(window().calls.at(-1)).toEqual(['setProgressBar', -1]);
  });

  it('pauses, goes on, opens and quits', async () => {
    const { electron, events, handled, clock } = await startDesktop();
    events.publish('indexing.progress', progress);
    const [tray] = electron.trays;
    item(tray?.menu ?? [], 'Pause').click?.();
    clock.advance(250);
    events.publish('indexing.progress', { ...progress, paused: true });
    item(tray?.menu ?? [], 'Go On').click?.();
    expect(handled).toEqual([
      ['indexing.setPaused', { paused: true }],
      ['indexing.setPaused', { paused: false }],
    ]);
    item(tray?.menu ?? [], 'Quit').click?.();
    expect(electron.calls.at(-1)).toEqual(['app.quit']);
  });

  it('stays away where the person wants none, at once', async () => {
    const desktop = await startDesktop({
      handlers: { 'settings.set': async () => ({ ...defaultSettings, showTray: false }) },
    });
    const { electron, events } = desktop;
    events.publish('indexing.progress', progress);
    sendFromPage(electron, desktop.window(), { kind: 'open' });
    const call = { kind: 'call', id: 1, method: 'settings.set', input: { showTray: false } };
    sendFromPage(electron, desktop.window(), { kind: 'frame', frame: call });
    await settled();
    expect(electron.trays.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});

describe('the last window', () => {
  it('ends the application where nothing is being done', async () => {
    const { electron, window } = await startDesktop();
    window().close();
    electron.app.emit('window-all-closed');
    expect(electron.calls.at(-1)).toEqual(['app.quit']);
  });

  it('leaves the indexing to go on in the tray, and ends with it', async () => {
    const { electron, events, clock, window } = await startDesktop();
    events.publish('indexing.progress', progress);
    window().close();
    electron.app.emit('window-all-closed');
    expect(electron.calls).not.toContainEqual(['app.quit']);
    clock.advance(250);
    events.publish('indexing.progress', idle);
    expect(electron.calls.at(-1)).toEqual(['app.quit']);
  });

  it('ends nothing on macOS, whose dock opens it again', async () => {
    const { electron, window } = await startDesktop({ parts: { platform: 'darwin' } });
    window().close();
    electron.app.emit('window-all-closed');
    expect(electron.calls).not.toContainEqual(['app.quit']);
    electron.app.emit('activate');
    expect(electron.windows).toHaveLength(2);
  });

  it('the end waits until the application is closed, and comes once', async () => {
    const { electron, closed } = await startDesktop();
    const events = [preventable(), preventable()];
    for (const event of events) electron.app.emit('will-quit', event);
    await settled();
    expect(events.map(({ prevented }) => prevented)).toEqual([true, true]);
    expect(closed()).toBe(true);
    expect(electron.calls.filter(([name]) => name === 'app.exit')).toEqual([['app.exit', 0]]);
  });
});

describe('settings reach the system', () => {
  it('the theme at start and on every change', async () => {
    const desktop = await startDesktop({
      handlers: { 'settings.set': async () => ({ ...defaultSettings, theme: 'light' }) },
    });
    expect(desktop.electron.nativeTheme.themeSource).toBe('dark');
    sendFromPage(desktop.electron, desktop.window(), { kind: 'open' });
    const call = { kind: 'call', id: 1, method: 'settings.set', input: { theme: 'light' } };
    sendFromPage(desktop.electron, desktop.window(), { kind: 'frame', frame: call });
    await settled();
    expect(desktop.electron.nativeTheme.themeSource).toBe('light');
    expect(desktop.messages().at(-1)).toMatchObject({ kind: 'frame', frame: { kind: 'ok', id: 1 } });
  });

  it('start at login is off and untouched until it is chosen', async () => {
    const chosen = { ...defaultSettings, openAtLogin: true };
    const untouched = await startDesktop({ parts: { platform: 'win32' } });
    expect(untouched.electron.calls.map(([name]) => name)).not.toContain('app.setLoginItemSettings');
    const { electron } = await startDesktop({
      parts: { platform: 'win32' },
      handlers: { 'settings.get': async () => chosen },
    });
    expect(electron.calls).toContainEqual(['app.setLoginItemSettings', { openAtLogin: true }]);
  });
});

describe('a computer that wakes up', () => {
  it('looks for what changed meanwhile', async () => {
    const { electron, handled } = await startDesktop();
    electron.powerMonitor.emit('resume');
    expect(handled).toEqual([['indexing.rescan', { folderIds: [] }]]);
  });
});

describe('a page that fails', () => {
  const dies = { reason: 'crashed', exitCode: 5 };

  it('is loaded anew three times in five minutes, then the person is asked', async () => {
    const { electron, window } = await startDesktop();
    const reloads = () => window().calls.filter(([name]) => name === 'reload').length;
    for (let time = 1; time <= 3; time++) {
      window().webContents.emit('render-process-gone', {}, dies);
      expect(reloads()).toBe(time);
    }
    electron.answers.button = 1;
    window().webContents.emit('render-process-gone', {}, dies);
    await settled();
    expect(reloads()).toBe(3);
    expect(electron.calls.slice(-2).map(([name]) => name)).toEqual(['dialog.showMessageBox', 'app.quit']);
  });

  it('loses the calls it had in hand, and gets a fresh line', async () => {
    let aborted = false;
    const desktop = await startDesktop({
      handlers: {
        'search.rank': (_input, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted = true;
              reject(new Error('stopped'));
            });
          }),
      },
    });
    const { electron, window, messages } = desktop;
    sendFromPage(electron, window(), { kind: 'open' });
    const call = { kind: 'call', id: 1, method: 'search.rank', input: { text: 'dog', mode: 'fused' } };
    sendFromPage(electron, window(), { kind: 'frame', frame: call });
    await settled();
    window().webContents.emit('render-process-gone', {}, dies);
    await settled();
    expect(aborted).toBe(true);
    const before = messages().length;
    sendFromPage(electron, window(), { kind: 'open' });
    expect(messages().slice(before)).toEqual([{ kind: 'frame', frame: { kind: 'hello', contractHash: testHash } }]);
  });

  it('a hanging one is loaded anew only if the person says so', async () => {
    const { electron, window } = await startDesktop();
    electron.answers.button = 1;
    window().emit('unresponsive');
    await settled();
    expect(window().calls).not.toContainEqual(['reload']);
    electron.answers.button = 0;
    window().emit('unresponsive');
    await settled();
    expect(window().calls).toContainEqual(['reload']);
  });
});

describe('the window’s place', () => {
  it('is kept when it closes and taken up again', async () => {
    const first = await startDesktop();
    first.window().bounds = { x: 100, y: 50, width: 900, height: 700 };
    first.window().maximised = true;
    first.window().close();
    const written = readFileSync(first.stateFile, 'utf8');
    expect(JSON.parse(written)).toEqual({ bounds: { x: 100, y: 50, width: 900, height: 700 }, isMaximised: true });
    const second = await startDesktop({ parts: { windowStateFile: first.stateFile } });
    expect(second.window().options).toMatchObject({ x: 100, y: 50, width: 900, height: 700 });
    expect(second.window().maximised).toBe(true);
  });

  it('opens in the middle where the file is damaged', async () => {
    const { stateFile } = await startDesktop();
    writeFileSync(stateFile, '{"bounds":{"x":');
    const { window } = await startDesktop({ parts: { windowStateFile: stateFile } });
    expect(window().options).toMatchObject({ x: 320, y: 100, width: 1280, height: 840 });
  });

  it('does not stop the window from closing where it cannot be written', async () => {
    const { window, electron } = await startDesktop({ parts: { windowStateFile: '/dev/null/state.json' } });
    window().close();
    expect(electron.windows[0]?.isDestroyed()).toBe(true);
  });
});
