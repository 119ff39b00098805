// Files that must be whole are forced down to the disk before they get their name, and the name after it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renameDurably, settleFile } from '../../../../main/platform/durable-file.ts';

let folder: string;
let onSync: () => void;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'photoseek-durable-'));
  onSync = () => undefined;
  const some = await open(folder, 'r');
  const handles = Object.getPrototypeOf(some) as FileHandle;
  await some.close();
  const { sync } = handles;
  vi.spyOn(handles, 'sync').mockImplementation(function (this: FileHandle) {
    onSync();
    return sync.call(this);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform === 'win32')('a file that must be whole (folders cannot be opened on Windows)', () => {
  it('is forced down under its temporary name, before anything is said of it', async () => {
    const file = path.join(folder, 'rows.new');
    writeFileSync(file, 'some bytes');
    let syncs = 0;
    onSync = () => syncs++;
    await expect(settleFile(file)).resolves.toMatchObject({ bytes: 10 });
    expect(syncs).toBe(1);
  });

  it('has its name forced down after it has it', async () => {
    const [from, to] = [path.join(folder, 'rows.new'), path.join(folder, 'rows')];
    writeFileSync(from, 'some bytes');
    const seen: boolean[] = [];
    onSync = () => seen.push(existsSync(to) && !existsSync(from));
    await renameDurably(from, to);
    expect(seen).toEqual([true]);
    expect(readFileSync(to, 'utf8')).toBe('some bytes');
  });
});
