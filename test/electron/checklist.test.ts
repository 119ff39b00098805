// Electron's security checklist, its 20 points in its own order: each held by a test here, or with the reason why it does not apply (reliability row 21).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appScheme, pageUrl } from '../../main/platform/app-address.ts';
import { mayLoad, mayNavigate, mayOpenOutside } from '../../main/platform/navigation-policy.ts';
import { windowPolicy } from '../../main/platform/window-headers.ts';
import { windowOptions } from '../../main/platform/window-options.ts';
import { startDesktop } from '../helpers/desktop.ts';
import { sendFromPage } from '../helpers/fake-electron.ts';
import { root } from '../helpers/import-closure.ts';
import { settled } from '../helpers/manual-clock.ts';
import { readYaml } from '../helpers/simple-yaml.ts';

/** Text of the shipped sources by path, without comments. */
const sources = ['main', 'preload', 'renderer', 'native-models'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|svelte|html)$/.test(name) && !name.includes('training'))
    .map((name): [string, string] => {
      const path = join(folder, name).replaceAll('\\', '/');
      const text = readFileSync(join(root, path), 'utf8');
      return [path, text.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '').replace(/(^|\s)\/\/.*$/gm, '$1')];
    }),
);
const having = (pattern: RegExp): string[] => sources.flatMap(([path, text]) => (pattern.test(text) ? [path] : []));

const options = windowOptions({
  bounds: { x: 0, y: 0, width: 800, height: 600 },
  preload: '/p.cjs',
  isDark: false,
  developing: false,
  icon: '/i.png',
});
const preferences = options.webPreferences;
const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

/** The oldest supported major when this was written; rises with each release of this program. */
const oldestSupportedElectron = 43;

const points: Record<string, () => void | Promise<void>> = {
  '1 only secure content is loaded': () => {
    expect(pageUrl).toBe('app://photoseek/');
    expect(having(/\bloadURL\(/)).toEqual(['main/electron/app-window.ts']);
    expect(having(/\bloadFile\(/)).toEqual([]);
    expect(['http://photoseek/', 'https://cdn.example/x.js', 'ws://x/'].filter((url) => mayLoad(url, false))).toEqual(
      [],
    );
  },
  '2 no Node.js in the page': () => {
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    });
    const node = sources.filter(([path, text]) => path.startsWith('renderer/') && /from 'node:|require\(/.test(text));
    expect(node.map(([path]) => path)).toEqual(['renderer/vite.config.ts']);
  },
  '3 context isolation is on': () => expect(preferences.contextIsolation).toBe(true),
  '4 the sandbox is on, for every process of Chromium': async () => {
    expect(preferences.sandbox).toBe(true);
    const { electron } = await startDesktop();
    const names = electron.calls.map(([name]) => name);
    expect(names.indexOf('app.enableSandbox')).toBeLessThan(names.indexOf('(ready)'));
    expect(having(/no-sandbox/)).toEqual([]);
  },
  '5 permissions are asked of a table (guards.test.ts)': async () => {
    const { electron } = await startDesktop();
    const { request, check, device, display } = electron.session;
    for (const handler of [request, check, device, display]) expect(handler).toBeTypeOf('function');
  },
  '6 web security stays on': () => {
    expect(preferences.webSecurity).toBe(true);
    expect(having(/webSecurity:\s*false|disable-web-security/)).toEqual([]);
  },
  '7 a content security policy goes with every answer': async () => {
    expect(windowPolicy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    const { electron } = await startDesktop();
    for (const path of ['', 'gone', 'media/1/thumbnail', 'media/timeline', 'media/x']) {
      const response = await electron.handle(new Request(pageUrl + path));
      expect(response.headers.get('content-security-policy'), path).toMatch(/^default-src 'none'/);
    }
    expect(electron.schemes.map(({ privileges }) => privileges?.bypassCSP)).toEqual([undefined]);
  },
  '8 no insecure content': () => expect(preferences.allowRunningInsecureContent).toBe(false),
  '9 no experimental features': () => {
    expect(preferences.experimentalFeatures).toBe(false);
    expect(having(/enable-experimental|commandLine\.appendSwitch/)).toEqual([]);
  },
  '10 no Blink features are switched on': () => {
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
    expect(having(/enableBlinkFeatures|enable-blink-features/)).toEqual([]);
  },
  '11 no allowpopups: n/a, there is no webview (point 12)': () => expect(having(/allowpopups/)).toEqual([]),
  '12 no webview is made': async () => {
    expect(preferences.webviewTag).toBe(false);
    expect(having(/<webview/)).toEqual([]);
    const { window } = await startDesktop();
    expect(window().webContents.listenerCount('will-attach-webview')).toBe(1);
  },
  '13 navigation is limited to the page (guards.test.ts)': async () => {
    expect(['https://x.org/', 'file:///x', 'app://photoseek/media/1/original'].filter(mayNavigate)).toEqual([]);
    const { window } = await startDesktop();
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'])
      expect(window().webContents.listenerCount(name), name).toBe(1);
  },
  '14 no window is opened, and there is one maker of windows': async () => {
    const { window } = await startDesktop();
    expect(window().webContents.openWindow?.({ url: pageUrl })).toEqual({ action: 'deny' });
    expect(having(/new (electron\.)?(BrowserWindow|BrowserView|WebContentsView|BaseWindow)\b/)).toEqual([
      'main/electron/app-window.ts',
    ]);
    expect(having(/webPreferences/)).toEqual(['main/platform/window-options.ts']);
  },
  '15 links leave by a fixed list, at one place': () => {
    expect(having(/openExternal\(/)).toEqual(['main/electron/guards.ts']);
    expect(['https://evil.org/', 'file:///x', 'smb://x', 'http://github.com/'].filter(mayOpenOutside)).toEqual([]);
    expect(having(/shell\.openPath/)).toEqual([]);
  },
  '16 Electron is a supported version, past the holes of its bridge': () => {
    const [major = 0] = versionOf('electron').split('.').map(Number);
    expect(major).toBeGreaterThanOrEqual(oldestSupportedElectron);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(manifest.devDependencies.electron).toBe(versionOf('electron'));
  },
  '17 the sender of every message is checked (frame-channel.test.ts)': async () => {
    // One receiver of one channel, so that there is one place to check at.
    expect(having(/ipcMain\.(on|once|handle|handleOnce)\(/)).toEqual(['main/electron/frame-channel.ts']);
    expect(having(/ipcMain\.handle/)).toEqual([]);
    const { electron, window, handled } = await startDesktop();
    expect(electron.ipcMain.eventNames()).toEqual(['photoseek']);
    const stranger = { url: 'https://evil.org/', origin: 'https://evil.org' };
    const frame = { kind: 'call', id: 1, method: 'library.revision', input: {} };
    for (const message of [{ kind: 'open' }, { kind: 'frame', frame }])
      sendFromPage(electron, window(), message, stranger);
    await settled();
    expect(handled).toEqual([]);
  },
  '18 no file: addresses, a scheme of our own instead': async () => {
    expect(having(/file:\/\//)).toEqual([]);
    const { electron } = await startDesktop();
    expect(electron.schemes).toEqual([
      {
        scheme: appScheme,
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
    expect(electron.calls).toContainEqual(['protocol.handle', appScheme]);
  },
  '19 fuses are flipped (packaging.test.ts)': () => {
    const config = readYaml(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
    const { electronFuses } = config as { electronFuses: object };
    expect(Object.keys(electronFuses)).toHaveLength(7);
  },
  '20 no Electron API reaches the page (preload-bridge.test.ts)': () => {
    expect(having(/exposeInMainWorld/)).toEqual(['preload/bridge.ts']);
    expect(having(/ipcRenderer/)).toEqual(['preload/bridge.ts']);
    const [, bridge = ''] = sources.find(([path]) => path === 'preload/bridge.ts') ?? [];
    const [, exposed = ''] = /const bridge: DesktopBridge = (\{[\s\S]*?\n\});/.exec(bridge) ?? [];
    expect(exposed).toContain('send:');
    expect(exposed).not.toMatch(/ipcRenderer|require/);
    expect(
      having(/from 'electron'/).filter((path) => !/^(main\/electron\/|main\/entry\/electron\.ts)/.test(path)),
    ).toEqual(['preload/bridge.ts']);
  },
};

describe('Electron’s security checklist', () => {
  it('has all of its 20 points here', () => {
    expect(Object.keys(points).map((name) => Number.parseInt(name, 10))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });
  for (const [name, check] of Object.entries(points)) it(name, check);
});

describe('beside the checklist', () => {
  it('developer tools are closed in what is packaged, nothing is fetched for spelling', () => {
    expect([preferences.devTools, preferences.spellcheck, preferences.navigateOnDragDrop]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('text is never taken for markup', () => {
    expect(having(/\{@html|\.innerHTML\s*=|insertAdjacentHTML|document\.write|outerHTML\s*=/)).toEqual([]);
  });

  it('no Node child is forked inside Electron, whose fuse forbids it', () => {
    const [, entry = ''] = sources.find(([path]) => path === 'main/entry/electron.ts') ?? [];
    expect(entry).not.toMatch(/forkWorker|child_process/);
    expect(entry).toContain('utilityWorker');
  });

  it('the window opens in the page’s own colours', () => {
    const tokens = readFileSync(join(root, 'renderer/styles/tokens.css'), 'utf8');
    const [, light, dark] = /--canvas: light-dark\((#\w+), (#\w+)\)/.exec(tokens) ?? [];
    const colour = (isDark: boolean) =>
      windowOptions({ bounds: { x: 0, y: 0, width: 1, height: 1 }, preload: '', isDark, developing: false, icon: '' })
        .backgroundColor;
    expect([colour(false), colour(true)]).toEqual([light, dark]);
  });
});
