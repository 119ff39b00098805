// Pictures and columns in terms of HTTP: what may be kept, ranges, what went wrong, and what browsers are never given.
import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createMedia, type MediaAnswer } from '../../../../main/api/media.ts';
import { AppError } from '../../../../main/platform/app-error.ts';
import { silentLog } from '../../../../main/platform/log.ts';
import { byteRange } from '../../../../main/services/media/byte-range.ts';
import { createChangedFiles } from '../../../../main/services/media/changed-files.ts';
import { createPreviewCache } from '../../../../main/services/media/preview-cache.ts';
import { createPreviews } from '../../../../main/services/media/previews.ts';
import { sniff } from '../../../../native-models/image/sniff.ts';
import { ErrorEnvelope } from '../../../../preload/contract/errors.ts';
import { fakeLane, fakePool } from '../../../helpers/fake-inference.ts';
import { manualClock } from '../../../helpers/manual-clock.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(96, 7)]);

function setUp(content: Buffer = jpeg, preview: () => Promise<Uint8Array> = async () => Buffer.from('webp')) {
  const root = folderOf();
  const path = join(root, 'a.jpg');
  writeFileSync(path, content);
  const file = { path, sha256: 'ab', sizeBytes: content.length, format: 'jpeg', orientation: 1, mediaRevision: 3 };
  const thumbnail = { bytes: Buffer.from('small'), width: 4, height: 3, format: 'webp', revision: 2 };
  const columns = vi.fn(async () => new Uint8Array([1, 2, 3]));
  const state = { revision: 5 };
  const told = { onMissingThumbnail: vi.fn(), onChangedFile: vi.fn() };
  const media = createMedia({
    db: {
      thumbnail: async ({ photoId }) => (photoId === 7 ? thumbnail : null),
      photoFile: async ({ photoId }) => (photoId === 7 ? file : null),
      timelineColumns: columns,
      revision: async () => ({ revision: state.revision, photos: 1 }),
    },
    previews: { of: preview },
    sniff(head) {
      const sniffed = sniff(head);
      return sniffed.kind === 'image' ? sniffed.format : null;
    },
    log: silentLog(),
    ...told,
  });
  const original = (range?: string, ifNoneMatch?: string) =>
    media.openMedia({ photoId: 7, variant: 'original', range, ifNoneMatch });
  return { root, path, media, original, columns, state, ...told };
}

async function bytesOf({ body }: MediaAnswer): Promise<Buffer> {
  return body instanceof Readable ? buffer(body) : Buffer.from(body);
}

async function codeOf(answer: MediaAnswer): Promise<string> {
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
  return ErrorEnvelope.parse(JSON.parse((await bytesOf(answer)).toString())).code;
}

describe('openMedia', () => {
  it('gives stored thumbnails, to be kept for ever, and says nothing twice', async () => {
    const { media } = setUp();
    const answer = await media.openMedia({ photoId: 7, variant: 'thumbnail' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/webp',
      'content-length': '5',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const etag = answer.headers['etag'] ?? '';
    for (const ifNoneMatch of [etag, `"x", W/${etag}`])
      expect((await media.openMedia({ photoId: 7, variant: 'thumbnail', ifNoneMatch })).status).toBe(304);
    expect((await media.openMedia({ photoId: 7, variant: 'thumbnail', ifNoneMatch: '"x"' })).status).toBe(200);
  });

  it('makes a missing thumbnail work to do', async () => {
    const { media, onMissingThumbnail } = setUp();
    const answer = await media.openMedia({ photoId: 8, variant: 'thumbnail' });
    expect([answer.status, await codeOf(answer)]).toEqual([404, 'library/photo-not-found']);
    expect(onMissingThumbnail).toHaveBeenCalledOnce();
  });

  it('streams an original whole or in part, by its content’s own type', async () => {
    const { original } = setUp();
    const whole = await original();
    expect(whole.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'accept-ranges': 'bytes',
      'content-length': '100',
    });
    expect((await bytesOf(whole)).equals(jpeg)).toBe(true);
    const part = await original('bytes=90-');
    expect([part.status, part.headers['content-range'], (await bytesOf(part)).length]).toEqual([
      206,
      'bytes 90-99/100',
      10,
    ]);
    const beyond = await original('bytes=100-');
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */100']);
    expect((await original(undefined, whole.headers['etag'])).status).toBe(304);
  });

  it.each([
    ['a drawing that may carry script', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['a page', '<!doctype html><script>1</script>'],
    ['what nobody knows', 'hello'],
    ['a format of cameras', 'II*\0\x10\0\0\0CR\x02\0'],
  ])('never gives a browser %s', async (_, text) => {
    const { original } = setUp(Buffer.from(text, 'latin1'));
    const answer = await original();
    expect([answer.status, await codeOf(answer)]).toEqual([415, 'decode/unsupported']);
  });

  it('notices a file that was replaced, deleted, or made a link', async () => {
    const { original, path, root, onChangedFile } = setUp();
    writeFileSync(path, Buffer.concat([jpeg, jpeg]));
    expect(await codeOf(await original())).toBe('fs/changed');
    rmSync(path);
    expect(await codeOf(await original())).toBe('fs/missing');
    expect(onChangedFile).toHaveBeenCalledTimes(2);
    writeFileSync(join(root, 'secret.jpg'), jpeg);
    symlinkSync(join(root, 'secret.jpg'), path);
    expect(await codeOf(await original())).toBe('fs/not-a-file');
    rmSync(path);
    mkdirSync(path);
    expect(await codeOf(await original())).toBe('fs/not-a-file');
  });

  it('gives previews, and the original where no process can make one', async () => {
    const good = await setUp().media.openMedia({ photoId: 7, variant: 'preview' });
    expect([good.status, good.headers['content-type']]).toEqual([200, 'image/webp']);
    const fail = (error: Error) =>
      setUp(jpeg, () => Promise.reject(error)).media.openMedia({ photoId: 7, variant: 'preview' });
    for (const code of ['inference/unavailable', 'model/checksum'] as const) {
      const answer = await fail(new AppError(code, 'x'));
      expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        200,
        'image/jpeg',
        'no-store',
      ]);
      await bytesOf(answer);
    }
    expect((await fail(new AppError('decode/corrupt', 'x'))).status).toBe(415);
    const unknown = await fail(new Error('ENOENT /home/ada'));
    expect(unknown.status).toBe(500);
    expect((await bytesOf(unknown)).toString()).not.toContain('ada');
  });
});

describe('openTimeline', () => {
  it('packs the columns once for each revision, however many ask', async () => {
    const { media, columns, state } = setUp();
    const answers = await Promise.all([1, 2, 3].map(() => media.openTimeline({})));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(columns).toHaveBeenCalledTimes(1);
    expect((await media.openTimeline({ ifNoneMatch: answers[0]?.headers['etag'] })).status).toBe(304);
    state.revision = 6;
    await media.openTimeline({});
    expect(columns).toHaveBeenCalledTimes(2);
  });

  it('asks again after a failure', async () => {
    const { media, columns } = setUp();
    columns.mockRejectedValueOnce(new AppError('store/busy', 'wait'));
    expect((await media.openTimeline({})).status).toBe(503);
    expect((await media.openTimeline({})).status).toBe(200);
  });
});

describe('byteRange', () => {
  it('stays within the content', () => {
    const part = fc.oneof(fc.constant(''), fc.nat(40).map(String));
    fc.assert(
      fc.property(part, part, fc.nat(30), (first, last, size) => {
        const range = byteRange(`bytes=${first}-${last}`, size);
        if (typeof range === 'string') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });

  it.each([
    [undefined, 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=5-2', 'whole'],
    ['bytes=0-1,4-5', 'whole'],
    ['items=0-1', 'whole'],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=8-99', { start: 8, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=10-', 'unsatisfiable'],
  ] as const)('%s', (header, range) => expect(byteRange(header, 10)).toEqual(range));
});

describe('preview cache', () => {
  const key = (name: string): string => `${name}-1`;

  it('keeps the latest used within its bound, also over a restart', async () => {
    const folder = join(folderOf(), 'previews');
    const cache = createPreviewCache({ folder, maxBytes: 25 });
    for (const name of ['a', 'b']) await cache.put(key(name), Buffer.alloc(10, name));
    expect(await cache.get(key('a'))).toEqual(Buffer.alloc(10, 'a'));
    await cache.put(key('c'), Buffer.alloc(10, 'c'));
    expect(await cache.get(key('b'))).toBeNull();
    expect(readdirSync(folder).toSorted()).toEqual(['a-1.webp', 'c-1.webp']);
    utimesSync(join(folder, 'c-1.webp'), 1, 1);
    writeFileSync(join(folder, 'half.part'), 'x');
    const again = createPreviewCache({ folder, maxBytes: 25 });
    await again.put(key('d'), Buffer.alloc(10, 'd'));
    expect(readdirSync(folder).toSorted()).toEqual(['a-1.webp', 'd-1.webp']);
  });

  it('keeps nothing too large, nothing under a strange name, and no half file', async () => {
    const folder = join(folderOf(), 'previews');
    const cache = createPreviewCache({ folder, maxBytes: 25 });
    await cache.put(key('a'), Buffer.alloc(26));
    await cache.put('../a', Buffer.alloc(1));
    expect(await cache.get(key('a'))).toBeNull();
    await cache.put(key('a'), Buffer.alloc(20));
    writeFileSync(join(folder, 'a-1.webp'), 'cut');
    expect(await cache.get(key('a'))).toBeNull();
  });

  it('is no error where the folder cannot be written', async () => {
    const root = folderOf(['file']);
    const cache = createPreviewCache({ folder: join(root, 'file', 'previews'), maxBytes: 25 });
    await cache.put(key('a'), Buffer.alloc(1));
    expect(await cache.get(key('a'))).toBeNull();
  });
});

describe('previews', () => {
  const file = (sha256: string) => ({
    path: `/p/${sha256}`,
    sha256,
    sizeBytes: 1,
    format: 'jpeg',
    orientation: 1,
    mediaRevision: 1,
  });

  it('makes each picture once, however many ask, and takes it from the cache afterwards', async () => {
    const asked: string[] = [];
    const pool = fakePool([fakeLane({ before: (call, paths) => void asked.push(`${call} ${paths[0]}`) })]);
    const cache = createPreviewCache({ folder: join(folderOf(), 'previews'), maxBytes: 100 });
    const previews = createPreviews({ inference: pool, cache });
    await Promise.all([previews.of(file('a')), previews.of(file('a')), previews.of(file('b'))]);
    await previews.of(file('a'));
    expect(asked.toSorted()).toEqual(['preview /p/a', 'preview /p/b']);
  });

  it('works on as many at once as there are children, the newest first', async () => {
    const gates: { path: string | undefined; open: () => void }[] = [];
    const before = (_: string, paths: readonly string[]) =>
      new Promise<void>((open) => void gates.push({ path: paths[0], open }));
    const pool = fakePool([fakeLane({ before })]);
    const previews = createPreviews({ inference: pool, cache: { get: async () => null, put: async () => undefined } });
    const all = ['a', 'b', 'c'].map((name) => previews.of(file(name)));
    for (let n = 1; n <= 3; n++) {
      await vi.waitFor(() => expect(gates).toHaveLength(n));
      gates.at(-1)?.open();
    }
    await Promise.all(all);
    expect(gates.map(({ path }) => path)).toEqual(['/p/a', '/p/c', '/p/b']);
  });

  it('does not try again a picture that ended the process', async () => {
    const asked: string[] = [];
    const lane = fakeLane({ endsAnalyse: new Set(['/p/a']), before: (call) => void asked.push(call) });
    const previews = createPreviews({
      inference: fakePool([lane]),
      cache: { get: async () => null, put: async () => undefined },
    });
    await expect(previews.of(file('a'))).rejects.toMatchObject({ code: 'inference/crashed' });
    await expect(previews.of(file('a'))).rejects.toMatchObject({ code: 'decode/poison' });
    expect(asked).toHaveLength(1);
  });
});

describe('changed files', () => {
  it('have their folder looked through, not more than once in ten seconds', async () => {
    const clock = manualClock();
    const rescan = vi.fn();
    const folder = (id: number, path: string) => ({ id, path, addedAt: 0, exclude: [], isOffline: false });
    const db = { listFolders: async () => [folder(1, '/p/one'), folder(2, '/p/two')] };
    const changed = createChangedFiles({ db, clock, rescan });
    await changed('/p/two/a.jpg');
    await changed('/p/two/b.jpg');
    await changed('/elsewhere/a.jpg');
    expect(rescan.mock.calls).toEqual([[[2]]]);
    clock.advance(10_000);
    await changed('/p/two/a.jpg');
    expect(rescan).toHaveBeenCalledTimes(2);
  });
});
