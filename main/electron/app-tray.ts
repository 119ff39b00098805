// Shows in the tray and on the task bar how far indexing is. Desktop main process.
import type { IndexingProgress } from '../../preload/contract/indexing.ts';
import { desktopTexts } from '../platform/desktop-texts.ts';
import { type TrayModel, taskBarShare, trayModel } from '../platform/tray-model.ts';
import type { ElectronApi, ElectronTray, ElectronWindow } from './electron-api.ts';

export interface AppTrayActions {
  show(): void;
  setPaused(paused: boolean): void;
  quit(): void;
}

export interface AppTray {
  /** @param window the open window, if any. */
  update(progress: IndexingProgress, showTray: boolean, window: ElectronWindow | null): void;
  isShown(): boolean;
}

export function createAppTray(
  { Tray, Menu }: Pick<ElectronApi, 'Tray' | 'Menu'>,
  icon: string,
  actions: AppTrayActions,
): AppTray {
  const { tray: text } = desktopTexts;
  let tray: ElectronTray | null = null;
  let wasPaused: boolean | null = null;

  function make(): ElectronTray {
    const made = new Tray(icon);
    made.on('click', actions.show);
    wasPaused = null;
    return made;
  }

  function show(model: TrayModel): void {
    tray ??= make();
    tray.setToolTip(model.tooltip);
    // Set only where it changes: a menu that is open would close.
    if (model.isPaused === wasPaused) return;
    wasPaused = model.isPaused;
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: text.open, click: actions.show },
        { label: model.isPaused ? text.goOn : text.pause, click: () => actions.setPaused(!model.isPaused) },
        { type: 'separator' },
        { label: text.quit, click: actions.quit },
      ]),
    );
  }

  return {
    update(progress, showTray, window) {
      window?.setProgressBar(taskBarShare(progress));
      const model = trayModel(progress, showTray);
      if (model) show(model);
      else {
        tray?.destroy();
        tray = null;
      }
    },
    isShown: () => tray !== null,
  };
}
