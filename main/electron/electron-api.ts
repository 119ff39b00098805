// The parts of Electron's API that the window uses, handed to it as an argument so that tests can give a recording one. Desktop main process; types alone.
import type * as E from 'electron';

export interface ElectronApi {
  readonly app: Pick<
    E.App,
    | 'on'
    | 'whenReady'
    | 'quit'
    | 'exit'
    | 'isPackaged'
    | 'enableSandbox'
    | 'requestSingleInstanceLock'
    | 'setAsDefaultProtocolClient'
    | 'setLoginItemSettings'
    | 'getPath'
    | 'setAppUserModelId'
  >;
  readonly BrowserWindow: { new (options: E.BrowserWindowConstructorOptions): ElectronWindow };
  readonly Menu: {
    buildFromTemplate: typeof E.Menu.buildFromTemplate;
    setApplicationMenu: typeof E.Menu.setApplicationMenu;
  };
  readonly Tray: { new (image: string): ElectronTray };
  readonly crashReporter: Pick<E.CrashReporter, 'start'>;
  readonly dialog: Pick<E.Dialog, 'showOpenDialog' | 'showMessageBox' | 'showErrorBox'>;
  readonly ipcMain: Pick<E.IpcMain, 'on'>;
  readonly nativeTheme: Pick<E.NativeTheme, 'themeSource' | 'shouldUseDarkColors'>;
  readonly powerMonitor: Pick<E.PowerMonitor, 'on'>;
  readonly protocol: Pick<E.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
  readonly screen: Pick<E.Screen, 'getPrimaryDisplay' | 'getAllDisplays'>;
  readonly session: { readonly defaultSession: ElectronSession };
  readonly shell: Pick<E.Shell, 'openExternal' | 'showItemInFolder'>;
  readonly utilityProcess: { fork(path: string, args: string[], options: E.ForkOptions): ElectronChild };
}

export type ElectronWindow = Pick<
  E.BrowserWindow,
  | 'on'
  | 'once'
  | 'loadURL'
  | 'show'
  | 'focus'
  | 'restore'
  | 'maximize'
  | 'isMinimized'
  | 'isMaximized'
  | 'isFullScreen'
  | 'isDestroyed'
  | 'getNormalBounds'
  | 'setProgressBar'
  | 'reload'
  | 'destroy'
> & { readonly webContents: ElectronContents };

export type ElectronContents = Pick<
  E.WebContents,
  'on' | 'send' | 'startDrag' | 'setWindowOpenHandler' | 'isDestroyed' | 'mainFrame' | 'setVisualZoomLevelLimits'
>;

export type ElectronSession = Pick<
  E.Session,
  | 'on'
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
> & { readonly webRequest: Pick<E.WebRequest, 'onBeforeRequest'> };

export type ElectronTray = Pick<E.Tray, 'on' | 'setToolTip' | 'setContextMenu' | 'destroy'>;

export type ElectronChild = Pick<E.UtilityProcess, 'on' | 'postMessage' | 'kill' | 'pid'>;
