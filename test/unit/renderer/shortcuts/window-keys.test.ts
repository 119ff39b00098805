import { describe, expect, it } from 'vitest';
import { shortcutGroups } from '../../../../renderer/shortcuts/shortcut-list.ts';
import { windowCommand } from '../../../../renderer/shortcuts/window-keys.ts';

const box = { tagName: 'INPUT', type: 'search' } as unknown as EventTarget;
const key = (pressed: string, more: object = {}) =>
  windowCommand({
    key: pressed,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    target: null,
    ...more,
  });

describe('keys of the window', () => {
  it('reach the search from anywhere', () => {
    expect([
      key('k', { ctrlKey: true }),
      key('K', { metaKey: true }),
      key('f', { ctrlKey: true, target: box }),
      key('/'),
    ]).toEqual(Array(4).fill('search'));
  });

  it('are text in a text field', () => {
    expect(['/', '?', 'l', 'Escape'].map((one) => key(one, { target: box }))).toEqual([null, null, null, null]);
    expect(key('a', { ctrlKey: true, target: box })).toBeNull();
    expect(key('a', { ctrlKey: true })).toBe('selectAll');
  });

  it('leave the rest to the browser', () => {
    expect([
      key('c', { ctrlKey: true }),
      key('r', { ctrlKey: true }),
      key('x'),
      key('/', { isComposing: true }),
    ]).toEqual([null, null, null, null]);
  });
});

it('no shortcut is listed twice in a group', () => {
  for (const { shortcuts } of shortcutGroups('Ctrl')) {
    const texts = shortcuts.map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
  }
});
