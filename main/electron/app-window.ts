// The one window: where it opens, what happens when its page dies or hangs. Desktop main process.
import { pageUrl } from '../platform/app-address.ts';
import type { Clock } from '../platform/clock.ts';
import { createCrashBudget } from '../platform/crash-budget.ts';
import { desktopTexts } from '../platform/desktop-texts.ts';
import type { Logger } from '../platform/log.ts';
import { placeWindow } from '../platform/window-bounds.ts';
import { windowOptions } from '../platform/window-options.ts';
import type { ElectronApi, ElectronWindow } from './electron-api.ts';
import type { FrameChannel } from './frame-channel.ts';
import type { WindowStateFile } from './window-state-file.ts';

export interface AppWindowParts {
  readonly channel: FrameChannel;
  readonly state: WindowStateFile;
  readonly preload: string;
  readonly icon: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AppWindow {
  /** Brings the window to the front; makes one where there is none. */
  show(): void;
  current(): ElectronWindow | null;
}

type Windowed = Pick<ElectronApi, 'app' | 'BrowserWindow' | 'screen' | 'nativeTheme' | 'dialog'>;

export function createAppWindow(electron: Windowed, parts: AppWindowParts): AppWindow {
  let window: ElectronWindow | null = null;

  function make(): ElectronWindow {
    const saved = parts.state.read();
    const made = new electron.BrowserWindow(
      windowOptions({
        bounds: placeWindow(saved?.bounds ?? null, workAreas(electron.screen)),
        preload: parts.preload,
        isDark: electron.nativeTheme.shouldUseDarkColors,
        developing: !electron.app.isPackaged,
        icon: parts.icon,
      }),
    );
    if (saved?.isMaximised) made.maximize();
    made.once('ready-to-show', () => made.show());
    made.on('close', () => {
      parts.state.write({ bounds: made.getNormalBounds(), isMaximised: made.isMaximized() });
    });
    made.on('closed', () => {
      parts.channel.detach();
      window = null;
    });
    watchPage(electron, made, parts);
    parts.channel.attach(made.webContents);
    made.loadURL(pageUrl).catch((error) => parts.log.error({ err: error }, 'the page could not be loaded'));
    return made;
  }

  return {
    show() {
      if (!window) {
        window = make();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    current: () => window,
  };
}

function workAreas(screen: Windowed['screen']) {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id);
  return [main, ...others].map((display) => display.workArea);
}

/** A page that died is loaded anew; one that keeps dying, or hangs, is the person's to decide on. Nothing of the library is in it. */
function watchPage(electron: Windowed, window: ElectronWindow, parts: AppWindowParts): void {
  const budget = createCrashBudget(parts.clock);
  let asking = false;

  async function ask(message: string, detail: string, buttons: [again: string, other: string]): Promise<boolean> {
    if (asking || window.isDestroyed()) return false;
    asking = true;
    const { response } = await electron.dialog.showMessageBox({
      type: 'warning',
      title: desktopTexts.name,
      message,
      detail,
      buttons,
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    asking = false;
    return response === 0 && !window.isDestroyed();
  }

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    parts.channel.detach();
    parts.log.error({ reason, exitCode }, 'the page of the window died');
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (budget.crashed() === 'again') return window.reload();
    const text = desktopTexts.windowFails;
    void ask(text.message, text.detail, [text.loadAnew, text.quit]).then((again) =>
      again ? window.reload() : electron.app.quit(),
    );
  });
  window.on('unresponsive', () => {
    parts.log.warn('the page of the window hangs');
    const text = desktopTexts.windowHangs;
    void ask(text.message, text.detail, [text.loadAnew, text.wait]).then((again) => {
      if (again) window.reload();
    });
  });
}
