// Names that a walk looks at and names it passes over.
import { describe, expect, it } from 'vitest';
import { isSkippedFolder, mayBePhoto } from '../../../../main/watching/file-kinds.ts';

describe('mayBePhoto', () => {
  it.each(['a.jpg', 'A.JPEG', 'no ending', 'wrong.dat', 'trailing.', 'photo.jpg.1', 'x.heic', 'x.CR2', 'xmp', '…'])(
    'looks at %s',
    (name) => expect(mayBePhoto(name)).toBe(true),
  );
  it.each([
    '.hidden.jpg',
    '._a.jpg',
    '.jpg',
    'a.xmp',
    'A.XMP',
    'a.jpg.xmp',
    'Thumbs.DB',
    'clip.MP4',
    'notes.txt',
    'a.zip',
  ])('passes over %s', (name) => expect(mayBePhoto(name)).toBe(false));
});

describe('isSkippedFolder', () => {
  it.each(['.git', '.Trash', '$RECYCLE.BIN', 'System Volume Information', '@eaDir', 'node_modules', '__MACOSX'])(
    'passes over %s',
    (name) => expect(isSkippedFolder(name)).toBe(true),
  );
  it.each(['2019', 'recycle', 'eaDir', 'a.b', 'Node Modules'])('walks %s', (name) => {
    expect(isSkippedFolder(name)).toBe(false);
  });
});
