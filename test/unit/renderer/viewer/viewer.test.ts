import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FolderView } from '../../../../preload/contract/library.ts';
import { ViewState } from '../../../../renderer/state/view.svelte.ts';
import { awayNote } from '../../../../renderer/viewer/away-note.ts';
import { neighbours } from '../../../../renderer/viewer/neighbours.ts';
import { OpenPhoto } from '../../../../renderer/viewer/open-photo.svelte.ts';
import { Slideshow } from '../../../../renderer/viewer/slideshow.svelte.ts';
import { viewerCommand } from '../../../../renderer/viewer/viewer-keys.ts';
import { callError, fakeConnection, pending, settled } from '../../../helpers/fake-connection.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';

const list = { ids: Uint32Array.of(5, 6, 7), grouped: true };

describe('looking through a list', () => {
  it('steps to the ends and no further', () => {
    const view = new ViewState();
    view.open(list, 6);
    expect([view.openId, view.step(1), view.openId, view.step(1)]).toEqual([6, true, 7, false]);
    view.goTo(0);
    expect(view.openId).toBe(5);
  });

  it('remembers the photo it was left at, for the gallery to go there', () => {
    const view = new ViewState();
    view.open(list, 5);
    view.step(1);
    view.close();
    expect([view.openId, view.leftAt]).toEqual([null, 6]);
  });

  it('opens nothing that is not in the list', () => {
    const view = new ViewState();
    view.open(list, 99);
    expect(view.openId).toBeNull();
  });
});

describe('why the file of a photo cannot be opened', () => {
  const folder = { name: 'Disk', path: '/media/disk', state: 'ready' } as const;
  const note = (path: string, missing: boolean, state: FolderView['state'], at: string = folder.path) =>
    awayNote({ path, missing }, [{ ...folder, path: at, state }]);

  it('is the folder it lies in, before the file itself', () => {
    expect(note('/media/disk/a/b.jpg', true, 'offline')).toContain('“Disk” is not connected');
    expect(note('/media/disk/b.jpg', false, 'emptied')).toContain('not in their folder now');
    expect(note('/media/disk/b.jpg', false, 'error')).toContain('cannot be read now');
    expect(note('/media/disk/b.jpg', true, 'ready')).toContain('The file is not there now');
    expect(note('/media/disk/b.jpg', false, 'scanning')).toBeNull();
  });

  it('is not a folder whose name only begins alike; paths of each system are understood', () => {
    expect(note('/media/disk2/b.jpg', false, 'offline')).toBeNull();
    expect(note('E:\\x.jpg', false, 'offline', 'E:\\')).toContain('not connected');
    expect(note('C:\\Photos\\x.jpg', false, 'offline', 'C:\\Photos')).toContain('not connected');
    expect(note('C:\\Photos2\\x.jpg', false, 'offline', 'C:\\Photos')).toBeNull();
  });
});

it('neighbours lie around the photo and end at the ends', () => {
  const ids = Uint32Array.from({ length: 10 }, (_, at) => at);
  expect([...neighbours(ids, 5, 4)]).toEqual([3, 4, 5, 6]);
  expect([...neighbours(ids, 0, 4)]).toEqual([0, 1, 2, 3]);
  expect([...neighbours(ids, 9, 4)]).toEqual([6, 7, 8, 9]);
  expect([...neighbours(ids, 9, 40)]).toHaveLength(10);
});

describe('the open photo', () => {
  const facts = (photoId: number) => ({ ...structuredClone(sampleOutputs['library.photo']), photoId });

  it('never shows the facts of another photo', async () => {
    const asked: ReturnType<typeof pending<unknown>>[] = [];
    const connection = fakeConnection({
      'library.photo': (_input, signal) => {
        const one = pending<unknown>(signal);
        asked.push(one);
        return one.answer;
      },
    });
    const open = new OpenPhoto(connection);
    open.open(1);
    open.open(2);
    asked[1]?.give(facts(2));
    await settled();
    asked[0]?.give(facts(1));
    await settled();
    expect(open.photo?.photoId).toBe(2);
  });

  it('says of a photo that left the library that it is gone', async () => {
    const open = new OpenPhoto(
      fakeConnection({
        'library.photo': async () => {
          throw callError('library/photo-not-found');
        },
      }),
    );
    open.open(1);
    await settled();
    expect([open.gone, open.photo]).toEqual([true, null]);
  });

  it('looks again when the library changed', async () => {
    const connection = fakeConnection();
    const open = new OpenPhoto(connection);
    const end = open.start();
    open.open(7);
    await settled();
    connection.tell('library.changed', { revision: 9 });
    await settled();
    expect(connection.calls.filter(({ method }) => method === 'library.photo')).toHaveLength(2);
    end();
  });
});

describe('slideshow', () => {
  afterEach(() => void vi.useRealTimers());

  it('goes on after a while, counted from when the photo is shown, and ends with the list', () => {
    vi.useFakeTimers();
    let left = 2;
    const show = new Slideshow(() => left-- > 0);
    show.toggle();
    vi.advanceTimersByTime(3000);
    show.shown();
    vi.advanceTimersByTime(3000);
    expect(left).toBe(2);
    vi.advanceTimersByTime(1500);
    expect(left).toBe(1);
    vi.advanceTimersByTime(20_000);
    expect(show.running).toBe(false);
  });
});

describe('keys of the viewer', () => {
  const key = (pressed: string, more: object = {}) => ({
    key: pressed,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    target: null,
    ...more,
  });

  it('are those people know, in either case', () => {
    expect(['ArrowRight', 'z', 'Z', 'f', 'i', 'l', 'Escape', 's', 'w'].map((one) => viewerCommand(key(one)))).toEqual([
      'next',
      'zoom',
      'zoom',
      'fullscreen',
      'info',
      'favourite',
      'close',
      'slideshow',
      'where',
    ]);
  });

  it('leave text, the browser and input methods alone', () => {
    const box = { tagName: 'TEXTAREA' } as unknown as EventTarget;
    expect(viewerCommand(key('z', { target: box }))).toBeNull();
    expect(viewerCommand(key('l', { ctrlKey: true }))).toBeNull();
    expect(viewerCommand(key('ArrowLeft', { altKey: true }))).toBeNull();
    expect(viewerCommand(key('i', { isComposing: true }))).toBeNull();
  });
});
