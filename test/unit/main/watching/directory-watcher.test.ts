// The watches of one folder's directories, with the system's own events and a stand-in for what it says it holds.
import { chmodSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
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
    const root = join(folderOf(['photos/a.jpg']), 'photos');
    const { settled, onEvent, onTrouble } = setUp().watch(root);
    await settled();
    for (const change of [() => utimesSync(root, 1, 1), () => chmodSync(root, 0o750)]) {
      onEvent.mockClear();
      change();
      await vi.waitFor(() => expect(onEvent.mock.calls.length + onTrouble.mock.calls.length).toBeGreaterThan(0), soon);
      expect(onTrouble).not.toHaveBeenCalled();
    }
    rmSync(root, { recursive: true });
    await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledWith('lost'), soon);
  });
});
