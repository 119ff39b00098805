// The walk over real folders: what it lists, what it passes over, what it says of what it cannot read.
import { chmodSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTreeMemory, walkFolder, walkWithin } from '../../../../main/watching/walk.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const walked = (root: string): string[] =>
  [...walkFolder(root)].flatMap((folder) => folder.files.map((file) => file.relPath)).toSorted();
const isRoot = process.getuid?.() === 0;

describe('walkFolder', () => {
  it('lists files below the root by their relative path, with what a stat says', () => {
    const root = folderOf(['a.jpg', '2019/b.jpg', '2019/05/c']);
    truncateSync(join(root, 'a.jpg'), 123);
    expect(walked(root)).toEqual(['2019/05/c', '2019/b.jpg', 'a.jpg']);
    const stats = statSync(join(root, 'a.jpg'), { bigint: true });
    const [first] = walkFolder(root);
    expect(first).toMatchObject({
      relPath: '',
      unreadable: false,
      files: [
        {
          relPath: 'a.jpg',
          sizeBytes: 123,
          mtimeMs: Number(stats.mtimeNs) / 1e6,
          inode: `${stats.dev}:${stats.ino}`,
          ctimeMs: Number(stats.ctimeNs) / 1e6,
        },
      ],
    });
  });

  it('follows no symbolic link, neither to files nor to folders nor in circles', () => {
    const outside = folderOf(['secret.jpg']);
    const root = folderOf(['a.jpg']);
    symlinkSync(join(outside, 'secret.jpg'), join(root, 'link.jpg'));
    symlinkSync(outside, join(root, 'elsewhere'));
    symlinkSync(root, join(root, 'circle'));
    symlinkSync('nowhere', join(root, 'dangling.jpg'));
    expect(walked(root)).toEqual(['a.jpg']);
  });

  it('enters no folder that a pattern names, and lists no file that one names', () => {
    const root = folderOf(['a.jpg', 'private/b.jpg', 'deep/private/c.jpg', 'deep/d.png', 'deep/e.jpg']);
    const folders = [...walkFolder(root, ['private/', '*.png'])];
    expect(folders.map((folder) => folder.relPath).toSorted()).toEqual(['', 'deep']);
    expect(folders.flatMap(({ files }) => files.map((file) => file.relPath)).toSorted()).toEqual([
      'a.jpg',
      'deep/e.jpg',
    ]);
  });

  it('passes over hidden and system folders, and over other kinds of files', () => {
    const root = folderOf([
      '.git/a.jpg',
      '.hidden.jpg',
      '@eaDir/a.jpg',
      '$RECYCLE.BIN/a.jpg',
      'a.xmp',
      'film.mp4',
      'a.jpg',
    ]);
    expect(walked(root)).toEqual(['a.jpg']);
  });

  it('walks a root that is itself hidden', () => {
    const root = folderOf(['.photos/a.jpg']);
    expect(walked(join(root, '.photos'))).toEqual(['a.jpg']);
  });

  it('keeps odd names as they are', () => {
    const names = [
      '-rf',
      '%2e%2e',
      '..jpg.jpg',
      'a\\b.jpg',
      'a\nb.jpg',
      'ä ö.jpg',
      'a\u0308.jpg',
      '写真 📷.jpg',
      ' lead.jpg',
    ];
    const visible = names.filter((name) => !name.startsWith('.'));
    expect(walked(folderOf(names))).toEqual(visible.toSorted());
  });

  it('says of a folder that vanishes under the walk that it could not be read', () => {
    const root = folderOf(['a.jpg', 'sub/deep/b.jpg']);
    const walk = walkFolder(root);
    walk.next();
    rmSync(join(root, 'sub'), { recursive: true });
    expect([...walk]).toEqual([{ relPath: 'sub', files: [], subfolders: [], unreadable: true }]);
  });

  it('says the same of a root that is gone', () => {
    expect([...walkFolder(join(folderOf(), 'gone'))]).toEqual([
      { relPath: '', files: [], subfolders: [], unreadable: true },
    ]);
  });

  it.skipIf(isRoot)('and of a folder it may not read', () => {
    const root = folderOf(['a.jpg', 'locked/b.jpg']);
    chmodSync(join(root, 'locked'), 0o000);
    const folders = [...walkFolder(root)];
    chmodSync(join(root, 'locked'), 0o700);
    expect(folders.at(-1)).toEqual({ relPath: 'locked', files: [], subfolders: [], unreadable: true });
  });
});

describe('walkWithin', () => {
  it('answers folders that went by the nearest one that is there, each once', () => {
    const root = folderOf(['a/b.jpg', 'c.jpg']);
    const gone = ['a/gone/deep', 'a/gone', 'lost', 'c.jpg/inner'];
    const memory = createTreeMemory();
    const known = [...walkFolder(root, [], memory)].map(({ relPath }) => relPath);
    expect(known).toEqual(['', 'a']);
    expect([...walkWithin(root, [], gone, memory)].map(({ relPath }) => relPath).toSorted()).toEqual(['', 'a']);
  });
});
