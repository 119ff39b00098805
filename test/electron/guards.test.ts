// Navigation, pop-ups, permissions, requests and downloads are denied outside their lists (reliability row 23), as handlers of the fake Electron and as pure functions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayLoad, mayNavigate, mayOpenOutside } from '../../main/platform/navigation-policy.ts';
import { mayUse } from '../../main/platform/permission-table.ts';
import { startDesktop } from '../helpers/desktop.ts';
import { preventable } from '../helpers/fake-electron.ts';

const ours = { url: 'app://photoseek/', isMainFrame: true };
/** Every permission that Electron's types name, and some that later ones may. */
const permissions = [
  'clipboard-read',
  'clipboard-sanitized-write',
  'deprecated-sync-clipboard-read',
  'display-capture',
  'fileSystem',
  'fullscreen',
  'geolocation',
  'hid',
  'idle-detection',
  'keyboardLock',
  'local-network-access',
  'media',
  'mediaKeySystem',
  'midi',
  'midiSysex',
  'notifications',
  'openExternal',
  'pointerLock',
  'serial',
  'speaker-selection',
  'storage-access',
  'top-level-storage-access',
  'usb',
  'window-management',
  'unknown',
  '__proto__',
  'constructor',
  'toString',
  '',
] as const;
const url = fc.oneof(
  fc.webUrl(),
  fc.constantFrom(
    'about:blank',
    'about:srcdoc',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:https://evil/x',
    'app://evil/',
    'app://photoseek.evil/',
    'app://photoseek@evil/',
    'app://photoseek:1/',
    'chrome://gpu',
    'view-source:app://photoseek/',
    'smb://server/x',
    'ms-msdt:/id',
    '',
  ),
  fc.string().map((text) => `app://${text}`),
  fc.string(),
);

describe('as pure functions (row 23)', () => {
  it('the window stays on its page', () => {
    expect(['app://photoseek/', 'app://photoseek/index.html', 'app://photoseek/?a#b'].map(mayNavigate)).toEqual([
      true,
      true,
      true,
    ]);
    fc.assert(
      fc.property(url, (to) => {
        const { protocol, host, pathname } = URL.parse(to) ?? {};
        const own = protocol === 'app:' && host === 'photoseek' && (pathname === '/' || pathname === '/index.html');
        expect(mayNavigate(to)).toBe(own && !to.includes('@'));
      }),
      { numRuns: 20_000 },
    );
  });

  it('only https links of the fixed hosts leave it', () => {
    expect(mayOpenOutside('https://huggingface.co/google/siglip2')).toBe(true);
    const never = [
      'http://github.com/',
      'https://github.com.evil.org/',
      'https://github.com@evil.org/',
      'https://evil.org/github.com',
      'https://a:b@github.com/',
      'https://github.com:8443/',
      'https://sub.github.com/',
      'javascript:1',
      'file:///x',
      'ms-msdt:/id',
      '\\\\server\\share',
    ];
    expect(never.filter(mayOpenOutside)).toEqual([]);
    fc.assert(
      fc.property(url, (to) => !mayOpenOutside(to)),
      { numRuns: 20_000 },
    );
  });

  it('nothing is loaded but from our scheme', () => {
    expect(['app://photoseek/assets/a.js', 'blob:app://photoseek/5f'].every((from) => mayLoad(from, false))).toBe(true);
    expect(
      ['devtools://devtools/x', 'https://x.org/', 'ws://localhost/', 'file:///x', 'blob:https://evil/1', 'data:,'].some(
        (from) => mayLoad(from, false),
      ),
    ).toBe(false);
    expect([mayLoad('devtools://devtools/x', true), mayLoad('https://x.org/', true)]).toEqual([true, false]);
    fc.assert(
      fc.property(url, (from) => !mayLoad(from, false) || from.startsWith('app:')),
      { numRuns: 20_000 },
    );
  });

  it('two permissions are granted, to our page’s top frame alone', () => {
    expect(permissions.filter((name) => mayUse(name, ours))).toEqual(['clipboard-sanitized-write', 'fullscreen']);
    expect(permissions.filter((name) => mayUse(name, { ...ours, isMainFrame: false }))).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...permissions), url, (name, from) => {
        if (URL.parse(from)?.host !== 'photoseek') expect(mayUse(name, { url: from, isMainFrame: true })).toBe(false);
      }),
      { numRuns: 20_000 },
    );
    fc.assert(fc.property(fc.string(), (name) => !mayUse(name, ours) || name === 'fullscreen'));
  });
});

describe('in force', () => {
  it.each(['will-navigate', 'will-frame-navigate'])('%s', async (name) => {
    const { window } = await startDesktop();
    const tries = [
      'app://photoseek/',
      'https://evil.org/',
      'file:///etc/passwd',
      'app://photoseek/media/1/original',
    ].map((to) => preventable({ url: to, isMainFrame: true }));
    for (const event of tries) window().webContents.emit(name, event);
    expect(tries.map(({ prevented }) => prevented)).toEqual([false, true, true, true]);
  });

  it('a sub-frame goes nowhere, a redirect is not followed, no webview is attached', async () => {
    const { window } = await startDesktop();
    const events = [
      ['will-frame-navigate', preventable({ url: 'app://photoseek/', isMainFrame: false })],
      ['will-redirect', preventable({ url: 'app://photoseek/' })],
      ['will-attach-webview', preventable()],
    ] as const;
    for (const [name, event] of events) window().webContents.emit(name, event);
    expect(events.map(([, { prevented }]) => prevented)).toEqual([true, true, true]);
  });

  it('no window is opened; a link of the list goes to the system’s browser', async () => {
    const { window, electron } = await startDesktop();
    for (const to of ['https://github.com/x', 'https://evil.org/', 'app://photoseek/', 'file:///x'])
      expect(window().webContents.openWindow?.({ url: to })).toEqual({ action: 'deny' });
    expect(electron.calls.filter(([name]) => name === 'shell.openExternal')).toEqual([
      ['shell.openExternal', 'https://github.com/x'],
    ]);
  });

  it('permissions are asked of the table, by request and by check', async () => {
    const { electron } = await startDesktop();
    const { request, check, device, display } = electron.session;
    const granted: boolean[] = [];
    for (const permission of ['fullscreen', 'media', 'geolocation', 'openExternal'] as const)
      request?.({} as never, permission, (yes) => granted.push(yes), {
        requestingUrl: ours.url,
        isMainFrame: true,
      } as never);
    request?.({} as never, 'fullscreen', (yes) => granted.push(yes), {
      requestingUrl: 'https://evil.org',
      isMainFrame: true,
    } as never);
    expect(granted).toEqual([true, false, false, false, false]);
    const details = { isMainFrame: true } as never;
    expect(check?.(null, 'clipboard-sanitized-write', 'app://photoseek', details)).toBe(true);
    expect(check?.(null, 'clipboard-read', 'app://photoseek', details)).toBe(false);
    expect(check?.(null, 'fullscreen', 'https://evil.org', details)).toBe(false);
    expect(device?.({} as never)).toBe(false);
    const streams: unknown[] = [];
    display?.({} as never, (given) => streams.push(given));
    expect(streams).toEqual([null]);
  });

  it('requests to anywhere else are cancelled, downloads prevented', async () => {
    const { electron } = await startDesktop();
    const cancelled: (boolean | undefined)[] = [];
    for (const to of ['app://photoseek/', 'https://fonts.example/', 'devtools://x'])
      electron.session.before?.({ url: to }, ({ cancel }) => cancelled.push(cancel));
    expect(cancelled).toEqual([false, true, true]);
    const event = preventable();
    electron.session.emit('will-download', event, { getURL: () => 'https://evil.org/x.exe' });
    expect(event.prevented).toBe(true);
  });
});
