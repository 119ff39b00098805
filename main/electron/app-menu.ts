// Turns the menu's model into the system's menu. Desktop main process.
import type { DesktopCommand } from '../../preload/contract/desktop.ts';
import { type MenuEntry, menuModel } from '../platform/menu-model.ts';
import type { ElectronApi } from './electron-api.ts';

export function setAppMenu(
  { app, Menu }: Pick<ElectronApi, 'app' | 'Menu'>,
  platform: NodeJS.Platform,
  run: (command: DesktopCommand) => void,
): void {
  const template = menuModel(platform, !app.isPackaged).map(({ label, entries }) => ({
    label,
    submenu: entries.map((entry) => item(entry, run)),
  }));
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function item(entry: MenuEntry, run: (command: DesktopCommand) => void) {
  if (entry.kind === 'role') return { role: entry.role };
  if (entry.kind === 'separator') return { type: 'separator' as const };
  const { label, accelerator, command } = entry;
  return { label, click: () => run(command), ...(accelerator === '' ? {} : { accelerator }) };
}
