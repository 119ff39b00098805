// A stand-in for Electron's main-process API, of the same types, that records what is called and lets a test play the system's part. Test processes.
import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  ForkOptions,
  Item,
  MessageBoxOptions,
  OpenDialogOptions,
  OpenDialogReturnValue,
  Rectangle,
  Settings,
  WindowOpenHandlerResponse,
} from 'electron';
import type {
  ElectronApi,
  ElectronChild,
  ElectronContents,
  ElectronSession,
  ElectronTray,
  ElectronWindow,
} from '../../main/electron/electron-api.ts';

/** A call in the order made: what was called, with what. */
export type RecordedCall = readonly [name: string, ...args: unknown[]];

export interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuItem[];
  readonly click?: () => void;
}

/** What Electron's event objects share. */
export function preventable<T extends object>(extra: T = {} as T): T & { preventDefault(): void; prevented: boolean } {
  return {
    ...extra,
    prevented: false,
    preventDefault() {
      this.prevented = true;
    },
  };
}

export interface FakeFrame {
  url: string;
  origin: string;
}

export class FakeContents extends EventEmitter {
  readonly sent: unknown[] = [];
  readonly dragged: Item[] = [];
  mainFrame: FakeFrame = { url: 'app://photoseek/', origin: 'app://photoseek' };
  destroyed = false;
  openWindow: ((details: { url: string }) => WindowOpenHandlerResponse) | undefined;

  send(channel: string, message: unknown): void {
    // Electron clones what it sends.
    this.sent.push([channel, structuredClone(message)]);
    this.emit('sent', message);
  }
  startDrag(item: Item): void {
    this.dragged.push(item);
  }
  setWindowOpenHandler(handler: (details: never) => WindowOpenHandlerResponse): void {
    this.openWindow = handler as never;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly calls: RecordedCall[] = [];
  readonly options: BrowserWindowConstructorOptions;
  minimised = false;
  maximised = false;
  bounds: Rectangle = { x: 10, y: 20, width: 800, height: 600 };

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  loadURL(url: string): Promise<void> {
    this.calls.push(['loadURL', url]);
    return Promise.resolve();
  }
  show = (): void => void this.calls.push(['show']);
  focus = (): void => void this.calls.push(['focus']);
  restore = (): void => void this.calls.push(['restore']);
  reload = (): void => void this.calls.push(['reload']);
  maximize(): void {
    this.maximised = true;
  }
  setProgressBar(share: number): void {
    this.calls.push(['setProgressBar', share]);
  }
  isMinimized = (): boolean => this.minimised;
  isMaximized = (): boolean => this.maximised;
  isDestroyed = (): boolean => this.webContents.destroyed;
  getNormalBounds = (): Rectangle => this.bounds;
  /** The person closes it. */
  close(): void {
    this.emit('close', preventable());
    this.webContents.destroyed = true;
    this.emit('closed');
  }
}

class FakeTray extends EventEmitter {
  readonly icon: string;
  tooltip = '';
  menu: readonly MenuItem[] = [];
  destroyed = false;
  constructor(icon: string) {
    super();
    this.icon = icon;
  }
  setToolTip(text: string): void {
    this.tooltip = text;
  }
  setContextMenu(menu: unknown): void {
    this.menu = menu as readonly MenuItem[];
  }
  destroy(): void {
    this.destroyed = true;
  }
}

export class FakeChild extends EventEmitter {
  readonly posted: unknown[] = [];
  pid: number | undefined = 4711;
  killed = false;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
}

class FakeSession extends EventEmitter {
  request: Parameters<ElectronSession['setPermissionRequestHandler']>[0] = null;
  check: Parameters<ElectronSession['setPermissionCheckHandler']>[0] = null;
  device: Parameters<ElectronSession['setDevicePermissionHandler']>[0] = null;
  display: Parameters<ElectronSession['setDisplayMediaRequestHandler']>[0] = null;
  before: ((details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void) | undefined;

  setPermissionRequestHandler(handler: FakeSession['request']): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['check']): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: FakeSession['device']): void {
    this.device = handler;
  }
  setDisplayMediaRequestHandler(handler: FakeSession['display']): void {
    this.display = handler;
  }
  readonly webRequest = {
    onBeforeRequest: (_filter: unknown, handler?: unknown): void => {
      this.before = handler as NonNullable<FakeSession['before']>;
    },
  };
}

class FakeApp extends EventEmitter {
  isPackaged = true;
  /** Answer of the lock. */
  first = true;
  private ready: () => void = () => undefined;
  private readonly readiness = new Promise<void>((resolve) => {
    this.ready = resolve;
  });
  private readonly record: (name: string, ...args: unknown[]) => void;

  constructor(record: (name: string, ...args: unknown[]) => void) {
    super();
    this.record = record;
  }
  /** Electron is ready. */
  start(): void {
    this.record('(ready)');
    this.ready();
  }
  whenReady = (): Promise<void> => this.readiness;
  quit = (): void => this.record('app.quit');
  exit = (code?: number): void => this.record('app.exit', code);
  enableSandbox = (): void => this.record('app.enableSandbox');
  setAppUserModelId = (id: string): void => this.record('app.setAppUserModelId', id);
  requestSingleInstanceLock(): boolean {
    this.record('app.requestSingleInstanceLock');
    return this.first;
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.record('app.setAsDefaultProtocolClient', scheme);
    return true;
  }
  setLoginItemSettings = (settings: Settings): void => this.record('app.setLoginItemSettings', settings);
}

export interface FakeElectron {
  /** As the application sees it. */
  readonly api: ElectronApi;
  readonly calls: RecordedCall[];
  readonly app: FakeApp;
  readonly ipcMain: EventEmitter;
  readonly powerMonitor: EventEmitter;
  readonly session: FakeSession;
  readonly windows: FakeWindow[];
  readonly trays: FakeTray[];
  readonly children: FakeChild[];
  readonly schemes: CustomScheme[];
  readonly nativeTheme: { themeSource: 'system' | 'light' | 'dark'; shouldUseDarkColors: boolean };
  /** The handler of the own scheme. */
  handle(request: Request): Promise<Response>;
  menu(): readonly MenuItem[];
  /** What the dialogs answer. */
  readonly answers: { folder: OpenDialogReturnValue; button: number };
  readonly screens: { id: number; workArea: Rectangle }[];
}

export function fakeElectron(): FakeElectron {
  const calls: RecordedCall[] = [];
  const record = (name: string, ...args: unknown[]): void => void calls.push([name, ...args]);
  const app = new FakeApp(record);
  const ipcMain = new EventEmitter();
  const powerMonitor = new EventEmitter();
  const session = new FakeSession();
  const windows: FakeWindow[] = [];
  const trays: FakeTray[] = [];
  const children: FakeChild[] = [];
  const schemes: CustomScheme[] = [];
  const nativeTheme: FakeElectron['nativeTheme'] = { themeSource: 'system', shouldUseDarkColors: false };
  const answers: FakeElectron['answers'] = { folder: { canceled: true, filePaths: [] }, button: 0 };
  const screens = [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }];
  let handler: ((request: Request) => Promise<Response>) | undefined;
  let menu: readonly MenuItem[] = [];

  const api: ElectronApi = {
    app: app as unknown as ElectronApi['app'],
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options);
        windows.push(this);
        record('new BrowserWindow');
        // As Electron does; every guard hangs on it.
        app.emit('web-contents-created', {}, this.webContents);
      }
    } as unknown as { new (options: BrowserWindowConstructorOptions): ElectronWindow },
    Menu: {
      buildFromTemplate: (template) => template as never,
      setApplicationMenu(next) {
        menu = next as unknown as readonly MenuItem[];
      },
    },
    Tray: class extends FakeTray {
      constructor(icon: string) {
        super(icon);
        trays.push(this);
      }
    } as unknown as { new (image: string): ElectronTray },
    crashReporter: { start: (options) => record('crashReporter.start', options) },
    dialog: {
      showOpenDialog(...args: unknown[]) {
        record('dialog.showOpenDialog', args.at(-1) as OpenDialogOptions);
        return Promise.resolve(answers.folder);
      },
      showMessageBox(...args: unknown[]) {
        record('dialog.showMessageBox', args.at(-1) as MessageBoxOptions);
        return Promise.resolve({ response: answers.button, checkboxChecked: false });
      },
      showErrorBox: (title, text) => record('dialog.showErrorBox', title, text),
    },
    ipcMain: ipcMain as unknown as ElectronApi['ipcMain'],
    nativeTheme,
    powerMonitor: powerMonitor as unknown as ElectronApi['powerMonitor'],
    protocol: {
      registerSchemesAsPrivileged(list) {
        record('protocol.registerSchemesAsPrivileged');
        schemes.push(...list);
      },
      handle(scheme, answer) {
        record('protocol.handle', scheme);
        handler = async (request) => answer(request as never) as Promise<Response>;
      },
    },
    screen: {
      getPrimaryDisplay: () => screens[0] as never,
      getAllDisplays: () => screens as never,
    },
    session: { defaultSession: session as unknown as ElectronSession },
    shell: {
      openExternal(url) {
        record('shell.openExternal', url);
        return Promise.resolve();
      },
      showItemInFolder: (path) => record('shell.showItemInFolder', path),
    },
    utilityProcess: {
      fork(path: string, args: string[], options: ForkOptions) {
        record('utilityProcess.fork', path, args, options);
        const child = new FakeChild();
        children.push(child);
        return child as unknown as ElectronChild;
      },
    },
  };
  return {
    api,
    calls,
    app,
    ipcMain,
    powerMonitor,
    session,
    windows,
    trays,
    children,
    schemes,
    nativeTheme,
    handle(request) {
      if (!handler) throw new Error('the scheme is not served');
      return handler(request);
    },
    menu: () => menu,
    answers,
    screens,
  };
}

/** The page of a window sends a message over the bridge. */
export function sendFromPage(
  electron: FakeElectron,
  window: FakeWindow,
  message: unknown,
  frame?: FakeFrame | null,
): void {
  const contents = window.webContents as unknown as ElectronContents;
  const senderFrame = frame === undefined ? window.webContents.mainFrame : frame;
  electron.ipcMain.emit('photoseek', { sender: contents, senderFrame }, message);
}
