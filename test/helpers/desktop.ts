// The desktop edge over the fake Electron, with handlers that answer fixed outputs. Test processes.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventHub, type EventHub } from '../../main/api/event-hub.ts';
import { type DesktopParts, runDesktop } from '../../main/electron/desktop.ts';
import type { DesktopApplication } from '../../main/electron/desktop-application.ts';
import type { WindowPorts } from '../../main/platform/host-ports.ts';
import { silentLog } from '../../main/platform/log.ts';
import type { WindowMessage } from '../../preload/contract/desktop.ts';
import { type FakeElectron, type FakeWindow, fakeElectron } from './fake-electron.ts';
import { type AnyHandler, fakeHandlers, type MethodName } from './fake-handlers.ts';
import { type ManualClock, manualClock, settled } from './manual-clock.ts';

export const testHash = '0123456789abcdef';

export interface TestDesktop {
  readonly electron: FakeElectron;
  readonly clock: ManualClock;
  readonly events: EventHub;
  /** Every answered call, as `domain.method` with its input. */
  readonly handled: readonly (readonly [MethodName, unknown])[];
  /** Media asked for. */
  readonly media: unknown[];
  readonly stateFile: string;
  ports(): WindowPorts;
  closed(): boolean;
  window(): FakeWindow;
  /** What the page of the newest window was sent. */
  messages(): WindowMessage[];
}

export interface TestDesktopOptions {
  readonly handlers?: Partial<Record<MethodName, AnyHandler>>;
  readonly parts?: Partial<DesktopParts>;
  /** Changes the fake before anything runs. */
  readonly before?: (electron: FakeElectron) => void;
  readonly mayStart?: boolean;
}

/** A fake application; media answers name what was asked for. */
export function fakeApplication(
  events: EventHub,
  replaced: Partial<Record<MethodName, AnyHandler>> = {},
  media: unknown[] = [],
): DesktopApplication & { ended(): boolean } {
  let ended = false;
  return {
    handlers: fakeHandlers(replaced),
    events,
    log: silentLog(),
    media: {
      async openMedia(request) {
        media.push(request);
        return { status: 200, headers: { 'content-type': 'image/webp' }, body: new Uint8Array([1, 2, 3]) };
      },
      async openTimeline(request) {
        media.push(request);
        return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array([4]) };
      },
    },
    async close() {
      ended = true;
    },
    ended: () => ended,
  };
}

export async function startDesktop(options: TestDesktopOptions = {}): Promise<TestDesktop> {
  const electron = fakeElectron();
  options.before?.(electron);
  const clock = manualClock();
  const events = createEventHub(clock);
  const handled: [MethodName, unknown][] = [];
  const media: unknown[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'photoseek-desktop-'));
  const stateFile = join(folder, 'window-state.json');
  const application = fakeApplication(events, recorded(handled, options.handlers), media);
  let ports: WindowPorts | undefined;
  const running = runDesktop(electron.api, {
    async compose(window) {
      ports = window;
      return application;
    },
    platform: 'linux',
    argv: [],
    contractHash: testHash,
    clock,
    rendererFolder: folder,
    readAssets: () => ({ '/index.html': { file: 'index.html', type: 'text/html; charset=utf-8' } }),
    preload: '/app/dist/preload/bridge.cjs',
    icons: { window: '/icons/app.png', tray: '/icons/tray.png', drag: '/icons/drag.png' },
    windowStateFile: stateFile,
    ...options.parts,
  });
  if (options.mayStart !== false) {
    electron.app.start();
    await running;
  }
  await settled();
  return {
    electron,
    clock,
    events,
    handled,
    media,
    stateFile,
    ports() {
      if (!ports) throw new Error('nothing was composed');
      return ports;
    },
    closed: application.ended,
    window() {
      const window = electron.windows.at(-1);
      if (!window) throw new Error('there is no window');
      return window;
    },
    messages: () =>
      (electron.windows.at(-1)?.webContents.sent ?? []).map((sent) => (sent as [string, WindowMessage])[1]),
  };
}

const watched: readonly MethodName[] = [
  'indexing.setPaused',
  'indexing.rescan',
  'library.photo',
  'library.revision',
  'settings.set',
];

function recorded(
  handled: [MethodName, unknown][],
  replaced: Partial<Record<MethodName, AnyHandler>> = {},
): Partial<Record<MethodName, AnyHandler>> {
  const fixed = fakeHandlers() as unknown as Record<string, Record<string, AnyHandler>>;
  const recording = watched.map((name): [MethodName, AnyHandler] => {
    const [domain = '', method = ''] = name.split('.');
    return [
      name,
      (input, context) => {
        handled.push([name, input]);
        const answer = replaced[name] ?? fixed[domain]?.[method];
        if (!answer) throw new Error(`no handler ${name}`);
        return answer(input, context);
      },
    ];
  });
  return { ...replaced, ...Object.fromEntries(recording) };
}
