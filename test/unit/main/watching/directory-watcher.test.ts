// The watches of one folder's directories, with the system's own events and a stand-in for what it says it holds.
import { chmodSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { directoryWatchers } from '../../../../main/watching/directory-watcher.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

/** Paths that a failing disk answers nothing about. */
const refused = new Set<unknown>();
vi.mock('node:fs', async (load) => {
  const fs = await load<typeof import('node:fs')>();
  function lstatSync(...input: Parameters<typeof fs.lstatSync>) {
    if (refused.has(input[0])) throw Object.assign(new Error('EIO: i/o error, lstat'), { code: 'EIO' });
    return fs.lstatSync(...input);
  }
  return { ...fs, lstatSync };
});

const isRoot = process.getuid?.() === 0;
const soon = { timeout: 10_000, interval: 10 };

function setUp(heldWatches: () => number | null = () => null) {
  const open = directoryWatchers({ ledger: new Map(), heldWatches });
  function watch(root: string, folderId = 1) {
    const ears = { onEvent: vi.fn(), onReady: vi.fn(), onTrouble: vi.fn() };
    const watcher = open({ folderId, root, exclude: [] }, ears);
    onTestFinished(() => watcher.close());
    const settled = () =>
      vi.waitFor(() => expect(ears.onReady.mock.calls.length + ears.onTrouble.mock.calls.length).toBe(1), soon);
    return { ...ears, watcher, settled };
  }
  return { watch };
}

describe.skipIf(process.platform !== 'linux')('watches on directories (Linux)', () => {
  it('passes over a folder that the system cannot tell anything of, and watches the others', async () => {
    const root = folderOf(['bad/a.jpg', 'good/b.jpg']);
    refused.add(join(root, 'bad'));
    const { settled, onReady, onEvent } = setUp().watch(root);
    await settled();
    expect(onReady).toHaveBeenCalledOnce();
    writeFileSync(join(root, 'good', 'new.jpg'), '');
    await vi.waitFor(() => expect(onEvent).toHaveBeenCalledWith('good'), soon);
  });

  it('is lost where its folder went, not where somebody set the time or the rights of it', async () => {
    const root = join(folderOf(['photos/times/a.jpg', 'photos/rights/a.jpg']), 'photos');
    const { settled, onEvent, onTrouble } = setUp().watch(root);
    await settled();
    const changes = { times: () => utimesSync(root, 1, 1), rights: () => chmodSync(root, 0o750) };
    for (const [folder, change] of Object.entries(changes)) {
      change();
      // Events come in order: once this one is heard, so was the root's own.
      writeFileSync(join(root, folder, 'b.jpg'), '');
      await vi.waitFor(
        () => expect([onEvent.mock.calls, onTrouble.mock.calls]).toEqual([expect.arrayContaining([[folder]]), []]),
        soon,
      );
    }
    rmSync(root, { recursive: true });
    await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledWith('lost'), soon);
  });

  it('is lost also where chokidar sees first that the folder went', async () => {
    // It looks after the folder where the rights of it were set, and lets go of what it finds gone: by chance before its last event is heard.
    for (let round = 0; round < 100; round++) {
      const root = join(folderOf(['photos/a.jpg']), 'photos');
      const { watcher, settled, onEvent, onTrouble } = setUp().watch(root);
      await settled();
      chmodSync(root, 0o750);
      if (round % 2 === 0) await vi.waitFor(() => expect(onEvent).toHaveBeenCalled(), { ...soon, interval: 1 });
      for (let turn = 0; turn < round % 8; turn++) await new Promise(setImmediate);
      rmSync(root, { recursive: true });
      await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledWith('lost'), soon);
      watcher.close();
    }
  });

  it('counts what is watched now: what went is refused by nobody, and what came hides no refusal', async () => {
    let held = 3;
    const { watch } = setUp(() => held);
    const [first = '', second = '', third = ''] = [['a/1.jpg', 'b/2.jpg'], [], ['c/3.jpg', 'd/4.jpg']].map(folderOf);
    const one = watch(first);
    await one.settled();
    rmSync(join(first, 'a'), { recursive: true });
    held = 3;
    const two = watch(second, 2);
    await two.settled();
    expect([one.onReady, two.onReady].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    for (const name of ['x', 'y']) mkdirSync(join(second, name));
    await vi.waitFor(() => {
      for (const name of ['x', 'y']) expect(two.onEvent).toHaveBeenCalledWith(name);
    }, soon);
    // Five, and of the three of the last folder but one.
    held = 6;
    const three = watch(third, 3);
    await three.settled();
    expect(three.onTrouble.mock.calls).toEqual([['limit']]);
  });

  it.skipIf(isRoot)('counts no folder as refused that is closed to us', async () => {
    const root = folderOf(['open/a.jpg', 'closed/b.jpg']);
    chmodSync(join(root, 'closed'), 0);
    onTestFinished(() => chmodSync(join(root, 'closed'), 0o700));
    const { settled, onReady } = setUp(() => 2).watch(root);
    await settled();
    expect(onReady).toHaveBeenCalledOnce();
  });
});
