// The page in a desktop window: folders dropped in, photos dragged out, commands run; over a page of events alone.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DesktopBridge, DesktopCommand, PlaceView } from '../../preload/contract/desktop.ts';
import { followDesktop } from '../../renderer/client/desktop-page.ts';
import { settled } from '../helpers/manual-clock.ts';

const folder = { name: 'holiday' } as File;
const place: PlaceView = { placeId: 'p1', name: 'holiday', path: '/photos/holiday', addable: true };
let command: (command: DesktopCommand) => void;
let dragged: (readonly number[])[];
let ran: DesktopCommand[];
let added: PlaceView[];
let page: EventTarget;
let end: () => void;

beforeEach(() => {
  [dragged, ran, added, page] = [[], [], [], new EventTarget()];
  const bridge: DesktopBridge = {
    send: () => undefined,
    onFrame: () => undefined,
    onCommand: (listener) => {
      command = listener;
    },
    placeOf: async (file) => (file === folder ? place : null),
    dragOut: (photoIds) => void dragged.push(photoIds),
  };
  end = followDesktop(bridge, page, {
    run: (wanted) => ran.push(wanted),
    addPlace: (found) => added.push(found),
    draggedWith: (photoId) =>
      photoId === 7 ? [7, 8] : photoId === 9 ? Array.from({ length: 600 }, () => 9) : [photoId],
  });
});

/** An event as the browser makes them; `target` cannot be set on a real one. */
function dispatch(name: string, extra: object): Event {
  const event = new Event(name, { cancelable: true });
  for (const [key, value] of Object.entries(extra)) Object.defineProperty(event, key, { value });
  page.dispatchEvent(event);
  return event;
}

const tile = (photoId: number) => {
  const element = { dataset: { photoId: String(photoId) }, draggable: false };
  return { element, target: { closest: (selector: string) => (selector === '[data-photo-id]' ? element : null) } };
};

describe('drop', () => {
  it('adds folders, leaves files', async () => {
    const event = dispatch('drop', { dataTransfer: { files: [folder, {}] } });
    await settled();
    expect([added, event.defaultPrevented]).toEqual([[place], true]);
  });

  it('shows that files may be dropped, and nothing else', () => {
    const files = { types: ['Files'], dropEffect: 'none' };
    expect(dispatch('dragover', { dataTransfer: files }).defaultPrevented).toBe(true);
    expect(files.dropEffect).toBe('copy');
    expect(dispatch('dragover', { dataTransfer: { types: ['text/plain'] } }).defaultPrevented).toBe(false);
    expect(dispatch('drop', { dataTransfer: { files: [] } }).defaultPrevented).toBe(false);
  });
});

describe('drag out', () => {
  it('takes the selection along, in place of the browser’s own drag', () => {
    const { element, target } = tile(7);
    dispatch('pointerdown', { target });
    expect(element.draggable).toBe(true);
    expect(dispatch('dragstart', { target }).defaultPrevented).toBe(true);
    expect(dragged).toEqual([[7, 8]]);
  });

  it('takes no more than the bridge does', () => {
    dispatch('dragstart', { target: tile(9).target });
    expect(dragged[0]).toHaveLength(500);
  });

  it('leaves other drags alone', () => {
    expect(dispatch('dragstart', { target: { closest: () => null } }).defaultPrevented).toBe(false);
    expect(dispatch('dragstart', { target: null }).defaultPrevented).toBe(false);
    expect(dragged).toEqual([]);
  });
});

describe('commands', () => {
  it('are run, until the page ends', async () => {
    command({ name: 'find' });
    end();
    command({ name: 'settings' });
    dispatch('drop', { dataTransfer: { files: [folder] } });
    await settled();
    expect([ran, added]).toEqual([[{ name: 'find' }], []]);
  });
});
