// The window's menu as data: what each system expects of it, and the commands it sends to the interface. Shell process; pure.
import type { DesktopCommand } from '../../preload/contract/desktop.ts';
import { desktopTexts } from './desktop-texts.ts';

/** Entries whose work the system knows; a subset of Electron's roles. */
export type MenuRole =
  | 'about'
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'minimize'
  | 'zoom'
  | 'front'
  | 'close'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'reload'
  | 'toggleDevTools';

export type MenuEntry =
  | { readonly kind: 'role'; readonly role: MenuRole }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'command';
      readonly label: string;
      /** Shown beside the entry. `''` for a key that the page itself listens to: taken by the menu it would not reach a text field. */
      readonly accelerator: string;
      readonly command: DesktopCommand;
    };

export interface Submenu {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

const { menu: text } = desktopTexts;
const separator: MenuEntry = { kind: 'separator' };
const role = (name: MenuRole): MenuEntry => ({ kind: 'role', role: name });
const command = (label: string, accelerator: string, wanted: DesktopCommand): MenuEntry => ({
  kind: 'command',
  label,
  accelerator,
  command: wanted,
});

const settings = command(text.settings, 'CmdOrCtrl+,', { name: 'settings' });

/** @param developing adds what only developers need. */
export function menuModel(platform: NodeJS.Platform, developing: boolean): readonly Submenu[] {
  const isMac = platform === 'darwin';
  const addFolder = command(text.addFolder, 'CmdOrCtrl+O', { name: 'add-folder' });
  return [
    ...(isMac ? [macMenu()] : []),
    {
      label: text.file,
      entries: isMac
        ? [addFolder, separator, role('close')]
        : [addFolder, separator, settings, separator, role('quit')],
    },
    {
      label: text.edit,
      entries: [
        role('undo'),
        role('redo'),
        separator,
        role('cut'),
        role('copy'),
        role('paste'),
        // Not the system's role, which selects the page's text.
        command(text.selectAll, '', { name: 'select-all' }),
        separator,
        command(text.find, 'CmdOrCtrl+F', { name: 'find' }),
      ],
    },
    {
      label: text.view,
      entries: [
        role('resetZoom'),
        role('zoomIn'),
        role('zoomOut'),
        separator,
        role('togglefullscreen'),
        ...(developing ? [separator, role('reload'), role('toggleDevTools')] : []),
      ],
    },
    { label: text.window, entries: [role('minimize'), role('zoom'), ...(isMac ? [separator, role('front')] : [])] },
    {
      label: text.help,
      entries: [command(text.shortcuts, '', { name: 'shortcuts' }), ...(isMac ? [] : [role('about')])],
    },
  ];
}

function macMenu(): Submenu {
  return {
    label: desktopTexts.name,
    entries: [
      role('about'),
      separator,
      settings,
      separator,
      role('services'),
      separator,
      role('hide'),
      role('hideOthers'),
      role('unhide'),
      separator,
      role('quit'),
    ],
  };
}
