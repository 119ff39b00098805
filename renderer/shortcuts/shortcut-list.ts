// The shortcuts as the list shows them. Renderer.
import { strings } from '../strings/strings.ts';

export interface Shortcut {
  /** Ways to do it; each a row of keys pressed together. */
  readonly keys: readonly (readonly string[])[];
  readonly text: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** @param command the key that goes with letters on this system: "Ctrl", "⌘". */
export function shortcutGroups(command: string): readonly ShortcutGroup[] {
  const { groups, keys, keyNames } = strings.shortcuts;
  const one = (text: string, ...ways: (readonly string[])[]): Shortcut => ({ text, keys: ways });
  return [
    {
      title: groups.anywhere,
      shortcuts: [
        one(keys.search, [command, 'K'], ['/']),
        one(keys.settings, [command, ',']),
        one(keys.escape, [keyNames.escape]),
        one(keys.help, ['?']),
      ],
    },
    {
      title: groups.gallery,
      shortcuts: [
        one(keys.move, [keyNames.arrows]),
        one(keys.open, [keyNames.enter]),
        one(keys.select, [keyNames.space]),
        one(keys.selectRange, [keyNames.shiftClick]),
        one(keys.selectAll, [command, 'A']),
        one(keys.favourite, ['L']),
        one(keys.copyPath, [command, 'Shift', 'C']),
        one(keys.ends, [keyNames.ends]),
        one(keys.pages, [keyNames.pages]),
      ],
    },
    {
      title: groups.viewer,
      shortcuts: [
        one(keys.step, [keyNames.leftRight]),
        one(keys.info, ['I']),
        one(keys.editCaption, ['E']),
        one(keys.favourite, ['L']),
        one(keys.zoom, ['Z']),
        one(keys.zoomSteps, [keyNames.plusMinus]),
        one(keys.fullscreen, ['F']),
        one(keys.slideshow, ['S']),
        one(keys.where, ['W']),
      ],
    },
  ];
}
