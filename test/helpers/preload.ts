// The built preload script, run as a sandboxed preload is run, between a page's globals and the fake Electron. Test processes.
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { DesktopBridge } from '../../preload/contract/desktop.ts';
import preloadConfig from '../../preload/vite.config.ts';
import { desktopBridge } from '../../renderer/client/electron-bridge.ts';
import { type FakeElectron, type FakeWindow, sendFromPage } from './fake-electron.ts';

/** Text of the built script. */
export async function buildPreload(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'photoseek-preload-'));
  await build({ ...preloadConfig, configFile: false, build: { ...preloadConfig.build, outDir } });
  return readFileSync(join(outDir, 'bridge.cjs'), 'utf8');
}

export interface LoadedPreload {
  /** The page's globals. */
  readonly page: Record<string, unknown>;
  /** Channels used, one for each message. */
  readonly used: readonly string[];
  readonly bridge: DesktopBridge;
}

/** `require` knows `electron` alone; what crosses is copied, as Electron copies it. */
export function loadPreload(script: string, electron: FakeElectron, window: FakeWindow): LoadedPreload {
  const page: Record<string, unknown> = {};
  const channel = new EventEmitter();
  const used: string[] = [];
  const api = {
    contextBridge: { exposeInMainWorld: (name: string, exposed: unknown) => Object.assign(page, { [name]: exposed }) },
    ipcRenderer: {
      on: (name: string, listener: (...args: unknown[]) => void) => channel.on(name, listener),
      send(name: string, message: unknown) {
        used.push(name);
        sendFromPage(electron, window, structuredClone(message));
      },
    },
    webUtils: { getPathForFile: (file: { path?: string }) => file.path ?? '' },
  };
  const requireElectron = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`a sandboxed preload cannot load ${name}`);
    return api;
  };
  new Function('require', 'module', 'exports', script)(requireElectron, { exports: {} }, {});
  window.webContents.on('sent', (message: unknown) => channel.emit('photoseek', {}, structuredClone(message)));
  const bridge = desktopBridge(page);
  if (!bridge) throw new Error('no bridge on the page');
  return { page, used, bridge };
}
