// Runs the application in a desktop window: one instance, the policies, the window, the menu, the tray, and a clean end. Desktop main process.
import type { DesktopCommand } from '../../preload/contract/desktop.ts';
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { IndexingProgress } from '../../preload/contract/indexing.ts';
import { defaultSettings, type Settings } from '../../preload/contract/settings.ts';
import { AppError } from '../platform/app-error.ts';
import type { AssetMap } from '../platform/asset-map.ts';
import type { Clock } from '../platform/clock.ts';
import { linkInArguments, linkScheme, readDeepLink } from '../platform/deep-link.ts';
import { desktopTexts } from '../platform/desktop-texts.ts';
import type { WindowPorts } from '../platform/host-ports.ts';
import { createPlaceBook } from '../platform/place-book.ts';
import { afterLastWindow, isWorking } from '../platform/tray-model.ts';
import { setAppMenu } from './app-menu.ts';
import { declareScheme, serveScheme } from './app-scheme.ts';
import { createAppTray } from './app-tray.ts';
import { createAppWindow } from './app-window.ts';
import type { DesktopApplication } from './desktop-application.ts';
import type { ElectronApi } from './electron-api.ts';
import { openFrameChannel } from './frame-channel.ts';
import { setGuards } from './guards.ts';
import { desktopPorts, dragPhotos, droppedPlace } from './window-ports.ts';
import { windowStateFile } from './window-state-file.ts';

export interface DesktopParts {
  /** Builds the application; called once, when Electron is ready and this instance is the only one. */
  compose(window: WindowPorts): Promise<DesktopApplication>;
  readonly platform: NodeJS.Platform;
  /** This process's arguments. */
  readonly argv: readonly string[];
  readonly contractHash: string;
  readonly clock: Clock;
  readonly rendererFolder: string;
  /** @throws where the page is not built. */
  readAssets(): AssetMap;
  /** Absolute paths. */
  readonly preload: string;
  readonly icons: { readonly window: string; readonly tray: string; readonly drag: string };
  readonly windowStateFile: string;
}

/** To be called in the first turn of the process: some of it must come before Electron is ready. */
export async function runDesktop(electron: ElectronApi, parts: DesktopParts): Promise<void> {
  const { app } = electron;
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.enableSandbox();
  app.setAppUserModelId('app.photoseek');
  // Of a build that is not installed the system would remember a bare Electron.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  // Dumps stay on this computer.
  electron.crashReporter.start({ uploadToServer: false });
  declareScheme(electron);
  const links = collectLinks(electron, parts.argv);
  await app.whenReady();
  try {
    await open(electron, parts, links);
  } catch (error) {
    const known = error instanceof AppError;
    electron.dialog.showErrorBox(
      desktopTexts.notStarted.title,
      known ? error.message : desktopTexts.notStarted.unknown(String(error)),
    );
    app.exit(1);
  }
}

interface Links {
  /** Asks for what came so far, then for each as it comes. */
  onLink(listener: (link: string | null) => void): void;
}

/** Links and second starts may come before anything is open. */
function collectLinks({ app }: ElectronApi, argv: readonly string[]): Links {
  const waiting: (string | null)[] = [];
  let heard = (link: string | null): void => void waiting.push(link);
  const first = linkInArguments(argv);
  if (first !== null) heard(first);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    heard(url);
  });
  app.on('second-instance', (_event, arguments_) => heard(linkInArguments(arguments_)));
  return {
    onLink(listener) {
      heard = listener;
      for (const link of waiting.splice(0)) listener(link);
    },
  };
}

async function open(electron: ElectronApi, parts: DesktopParts, links: Links): Promise<void> {
  const { platform, clock, icons } = parts;
  const assets = parts.readAssets();
  const places = createPlaceBook();
  const composed = await parts.compose(desktopPorts(electron, platform, places));
  const { log } = composed;
  const chosen = followSettings(electron, platform, composed.handlers);
  const application = { ...composed, handlers: chosen.handlers };
  setGuards(electron, log);
  serveScheme(electron, { rendererFolder: parts.rendererFolder, assets, media: application.media, log });
  const channel = openFrameChannel(electron, {
    application,
    contractHash: parts.contractHash,
    checkOutput: !electron.app.isPackaged,
    clock,
    placeOf: (path) => droppedPlace(places, path),
    dragOut: (contents, photoIds) => dragPhotos(application, contents, photoIds, icons.drag),
  });
  const window = createAppWindow(electron, {
    channel,
    state: windowStateFile(parts.windowStateFile),
    preload: parts.preload,
    icon: icons.window,
    clock,
    log,
  });
  function run(command: DesktopCommand): void {
    window.show();
    channel.command(command);
  }
  setAppMenu(electron, platform, run);
  closeCleanly(electron, application);
  await chosen.apply();
  const work = followWork(electron, application, { icon: icons.tray, settings: chosen, window });
  electron.app.on('activate', window.show);
  electron.app.on('window-all-closed', () => {
    if (afterLastWindow(platform, work.isWorking(), work.hasTray()) === 'quit') electron.app.quit();
  });
  work.onIdle(() => {
    if (window.current() === null && platform !== 'darwin') electron.app.quit();
  });
  window.show();
  links.onLink((link) => {
    const wanted = link === null ? 'open' : readDeepLink(link);
    if (wanted === 'open') window.show();
    else if (wanted) run(wanted);
  });
}

interface ChosenSettings {
  /** The application's handlers; a change of settings reaches the system too. */
  readonly handlers: PhotosHandlers;
  current(): Settings;
  onChange(listener: () => void): void;
  /** Reads the settings and puts them in force. */
  apply(): Promise<void>;
}

/** Theme and start at login are the system's to carry out. */
function followSettings(
  electron: Pick<ElectronApi, 'app' | 'nativeTheme'>,
  platform: NodeJS.Platform,
  handlers: PhotosHandlers,
): ChosenSettings {
  const listeners: (() => void)[] = [];
  let current = defaultSettings;
  let atLogin: boolean | null = null;

  function take(next: Settings): void {
    current = next;
    electron.nativeTheme.themeSource = next.theme;
    // Left alone until the person chose it: off is how the system starts out.
    if (platform !== 'linux' && next.openAtLogin !== (atLogin ?? false))
      electron.app.setLoginItemSettings({ openAtLogin: next.openAtLogin });
    atLogin = next.openAtLogin;
    for (const listener of listeners) listener();
  }

  return {
    handlers: {
      ...handlers,
      settings: {
        ...handlers.settings,
        async set(input, context) {
          const answer = await handlers.settings.set(input, context);
          take(answer);
          return answer;
        },
      },
    },
    current: () => current,
    onChange: (listener) => void listeners.push(listener),
    apply: async () => take(await handlers.settings.get({}, { signal: new AbortController().signal })),
  };
}

interface WorkParts {
  readonly icon: string;
  readonly settings: ChosenSettings;
  readonly window: ReturnType<typeof createAppWindow>;
}

/** Tray and task bar follow the indexing; a computer that wakes up looks for what changed. */
function followWork(electron: ElectronApi, application: DesktopApplication, parts: WorkParts) {
  const { handlers, events, log } = application;
  const { signal } = new AbortController();
  const idleListeners: (() => void)[] = [];
  let progress: IndexingProgress | null = null;
  const failed = (error: unknown): void => log.warn({ err: error }, 'the background work could not be told');
  const tray = createAppTray(electron, parts.icon, {
    show: parts.window.show,
    setPaused: (paused) => void handlers.indexing.setPaused({ paused }, { signal }).catch(failed),
    quit: () => electron.app.quit(),
  });

  function update(next: IndexingProgress): void {
    const wasWorking = progress !== null && isWorking(progress);
    progress = next;
    tray.update(next, parts.settings.current().showTray, parts.window.current());
    if (wasWorking && !isWorking(next)) for (const listener of idleListeners) listener();
  }

  events.subscribe({
    canTake: () => true,
    send(frame) {
      if (frame.name === 'indexing.progress') update(frame.data as IndexingProgress);
    },
  });
  parts.settings.onChange(() => {
    if (progress) update(progress);
  });
  electron.powerMonitor.on('resume', () => void handlers.indexing.rescan({ folderIds: [] }, { signal }).catch(failed));
  return {
    isWorking: () => progress !== null && isWorking(progress),
    hasTray: tray.isShown,
    onIdle: (listener: () => void) => void idleListeners.push(listener),
  };
}

/** The end waits for the application, so that its children and its lock on the library go first. */
function closeCleanly({ app }: Pick<ElectronApi, 'app'>, application: DesktopApplication): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    application
      .close()
      .catch((error) => application.log.error({ err: error }, 'not everything could be closed'))
      .finally(() => app.exit(0));
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason !== 'clean-exit') application.log.warn({ type, reason, exitCode, serviceName }, 'a process died');
  });
}
