// The small parts of the inference side: which pack, which error, which bytes.
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choosePack, refuseOtherRevision } from '../../../../main/inference/choose-pack.ts';
import { sha256Of } from '../../../../main/inference/photo-facts.ts';
import { readPhoto } from '../../../../main/inference/read-photo.ts';
import { toAppError } from '../../../../main/inference/to-app-error.ts';
import { AppError, CancelledError } from '../../../../main/platform/app-error.ts';
import { ModelError } from '../../../../native-models/errors.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

describe('choosePack', () => {
  const starter = { pack: { id: 'starter' }, folder: '/packs/starter' };
  const large = { pack: { id: 'large' }, folder: '/packs/large' };
  const broken = (name: string) => ({ folder: `/packs/${name}`, error: new Error(`${name} is broken`) });

  it('takes the first pack of that id', () => {
    expect(choosePack('large', [starter, large, { ...large, folder: '/other' }], [broken('x')])).toBe(large);
  });
  it('says what is broken about the pack asked for', () => {
    expect(() => choosePack('large', [starter], [broken('x'), broken('large')])).toThrow('large is broken');
  });
  it('says what there is where the pack is not there, whatever else is broken', () => {
    expect(() => choosePack('large', [starter], [broken('x')])).toThrow(
      expect.objectContaining({
        code: 'model/missing',
        message: expect.stringContaining('"large" is not installed (found: starter)'),
      }),
    );
    expect(() => choosePack('large', [], [])).toThrow('found: none');
  });
});

it('refuses a pack of another revision than its fellows work with', () => {
  const pack = { id: 'best', revision: '2' };
  expect(() => refuseOtherRevision(pack, '1')).toThrow(expect.objectContaining({ code: 'model/manifest' }));
  refuseOtherRevision(pack, '2');
  refuseOtherRevision(pack, undefined);
});

describe('toAppError', () => {
  it('leaves our own errors as they are', () => {
    const own = new AppError('fs/denied', 'x');
    const cancelled = new CancelledError();
    expect([toAppError(own), toAppError(cancelled)]).toEqual([own, cancelled]);
  });
  it.each([
    [new ModelError('decode/corrupt', 'damaged'), 'decode/corrupt', 'damaged'],
    [
      new RangeError('Array buffer allocation failed'),
      'inference/out-of-memory',
      'there was not enough memory for this photo',
    ],
    [new RangeError('index 3 is out of bounds'), 'internal', 'index 3 is out of bounds'],
    [new Error('strange'), 'internal', 'strange'],
    ['text', 'internal', 'text'],
  ])('converts %s', (thrown, code, message) => {
    const error = toAppError(thrown);
    expect(error).toMatchObject({ name: 'AppError', code, message });
    expect(error.cause).toBe(thrown);
  });
});

describe('readPhoto', () => {
  it('reads the bytes and what the open file says of itself', async () => {
    const root = folderOf(['a.jpg']);
    const { bytes, sizeBytes, mtimeMs } = await readPhoto(join(root, 'a.jpg'), 100);
    expect(bytes.toString()).toBe('a.jpg');
    expect(sizeBytes).toBe(5);
    expect(mtimeMs).toBeGreaterThan(0);
  });

  it.each([
    ['gone.jpg', 'fs/missing', 'gone.jpg is not there (any more); check the path'],
    ['a.jpg/x', 'fs/missing', 'x is not there (any more); check the path'],
    ['folder', 'fs/not-a-file', 'folder is not a regular file'],
    ['empty.jpg', 'decode/empty', 'empty.jpg is empty'],
    ['huge.jpg', 'fs/too-large', 'huge.jpg has 3 MB; files above 2 MB are not read'],
  ])('refuses %s', async (name, code, message) => {
    const root = folderOf(['a.jpg']);
    mkdirSync(join(root, 'folder'));
    writeFileSync(join(root, 'empty.jpg'), '');
    writeFileSync(join(root, 'huge.jpg'), '');
    truncateSync(join(root, 'huge.jpg'), 3_000_000);
    await expect(readPhoto(join(root, name), 2_000_000)).rejects.toMatchObject({ code, message });
  });

  it('changes nothing about the file', async () => {
    const root = folderOf(['a.jpg']);
    await readPhoto(join(root, 'a.jpg'), 100);
    expect(readFileSync(join(root, 'a.jpg'), 'utf8')).toBe('a.jpg');
  });
});

describe('sha256Of', () => {
  it('is the identity in lower-case hexadecimal', () => {
    expect(sha256Of(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
