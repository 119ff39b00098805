// One file from a server that cuts, stalls, lies and forgets; only the pinned bytes may ever arrive under the final name.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFile, type Net } from '../../../../native-models/files/fetch-file.ts';
import { type FileServer, startFileServer } from '../../../helpers/file-server.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255));
const pinned = {
  path: 'onnx/model.onnx',
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
};

let server: FileServer;
let folder: string;
beforeEach(async () => {
  server = await startFileServer();
});
afterEach(() => server.close());

/** Pauses take no time, silence lasts until `stall` is called. */
function setUp(options: { file?: typeof pinned; signal?: AbortSignal } = {}) {
  folder = folderOf();
  const pauses: number[] = [];
  const seen: number[] = [];
  const stalls: (() => void)[] = [];
  const net: Net = {
    fetch,
    stallMs: -1,
    wait(ms, signal) {
      if (ms !== -1) {
        pauses.push(ms);
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        stalls.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
  };
  const target = join(folder, 'onnx/model.onnx');
  const run = () =>
    fetchFile({
      url: `${server.url}/model`,
      file: options.file ?? pinned,
      target,
      signal: options.signal ?? new AbortController().signal,
      net,
      onBytes: (count) => seen.push(count),
    });
  return { run, target, part: `${target}.part`, pauses, seen, stalls };
}

function leave(part: string, content: Buffer): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(part, content);
}

describe('fetching a file', () => {
  it('brings the pinned bytes under the final name and tells how many are there', async () => {
    server.files.set('model', { bytes });
    const { run, target, part, seen } = setUp();
    await run();
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(existsSync(part)).toBe(false);
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(bytes.length);
  });

  it('asks for the rest alone where an earlier run was stopped', async () => {
    server.files.set('model', { bytes });
    const { run, target, part, seen } = setUp();
    leave(part, bytes.subarray(0, 100_000));
    await run();
    expect(server.requests).toEqual(['model bytes=100000-']);
    expect(seen[0]).toBe(100_000);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('needs no server where all bytes are there already', async () => {
    const { run, target, part } = setUp();
    leave(part, bytes);
    await run();
    expect(server.requests).toEqual([]);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('goes on by itself after the connection was cut, as often as something comes', async () => {
    const faults = Array.from({ length: 9 }, () => ({ kind: 'cut' as const, after: 30_000 }));
    server.files.set('model', { bytes, faults });
    const { run, target, pauses } = setUp();
    await run();
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(server.requests.length).toBe(10);
    expect(pauses).toEqual(new Array(9).fill(1_000));
  });

  it('takes the whole anew from a server that knows no ranges', async () => {
    server.files.set('model', { bytes, ignoresRanges: true, faults: [{ kind: 'cut', after: 50_000 }] });
    const { run, target } = setUp();
    await run();
    expect(server.requests).toHaveLength(2);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('counts a silent connection as cut', async () => {
    server.files.set('model', { bytes, faults: [{ kind: 'silence', after: 1_000 }] });
    const { run, target, stalls, seen } = setUp();
    const done = run();
    await expect.poll(() => seen.at(-1)).toBe(1_000);
    stalls.at(-1)?.();
    await done;
    expect(server.requests).toEqual(['model', 'model bytes=1000-']);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('waits longer each time while nothing comes, then says what to do and keeps what came', async () => {
    const faults = Array.from({ length: 5 }, () => ({ kind: 'status' as const, status: 503 }));
    server.files.set('model', { bytes, faults });
    const { run, target, part, pauses } = setUp();
    leave(part, bytes.subarray(0, 10));
    await expect(run()).rejects.toMatchObject({
      code: 'model/missing',
      message: expect.stringMatching(/could not be fetched from 127\.0\.0\.1:\d+ \(the server answered 503\).*goes on/),
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(readFileSync(part)).toHaveLength(10);
    expect(existsSync(target)).toBe(false);
  });

  it('says so where no server answers', async () => {
    const { run } = setUp();
    await server.close();
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
    server = await startFileServer();
  });

  it('does not try again what the server does not have', async () => {
    const { run } = setUp();
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('answered 404') });
    expect(server.requests).toHaveLength(1);
  });

  it('stops on the wish of the person and keeps what came', async () => {
    const stop = new AbortController();
    server.files.set('model', { bytes, faults: [{ kind: 'silence', after: 70_000 }] });
    const { run, target, part, seen } = setUp({ signal: stop.signal });
    const done = run();
    await expect.poll(() => seen.at(-1)).toBe(70_000);
    stop.abort(new Error('paused'));
    await expect(done).rejects.toThrow('paused');
    expect(readFileSync(part).equals(bytes.subarray(0, 70_000))).toBe(true);
    expect(existsSync(target)).toBe(false);
  });
});

describe('refusing what is not the pinned file', () => {
  const changed = Buffer.from(bytes);
  changed[200_000] = (changed[200_000] as number) ^ 1;

  it('keeps nothing where one bit differs', async () => {
    server.files.set('model', { bytes: changed });
    const { run, target, part, seen } = setUp();
    await expect(run()).rejects.toMatchObject({
      code: 'model/checksum',
      message: expect.stringMatching(/^onnx\/model\.onnx from .* is not the file .* checksum differs\. Nothing/),
    });
    expect([existsSync(target), existsSync(part)]).toEqual([false, false]);
    expect(seen.at(-1)).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  it('refuses another size before taking a byte', async () => {
    server.files.set('model', { bytes: bytes.subarray(0, 1_000) });
    const { run, part } = setUp();
    await expect(run()).rejects.toMatchObject({ code: 'model/checksum', message: expect.stringContaining('size') });
    expect(existsSync(part)).toBe(false);
  });

  it('refuses another size where it goes on', async () => {
    server.files.set('model', { bytes: Buffer.concat([bytes, bytes]) });
    const { run, part } = setUp();
    leave(part, bytes.subarray(0, 5));
    await expect(run()).rejects.toMatchObject({ code: 'model/checksum' });
    expect(existsSync(part)).toBe(false);
  });

  it('starts once more where it was its own beginning that was damaged', async () => {
    server.files.set('model', { bytes });
    const { run, target, part } = setUp();
    leave(part, changed.subarray(0, 250_000));
    await run();
    expect(server.requests).toEqual(['model bytes=250000-', 'model']);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('starts no third time', async () => {
    server.files.set('model', { bytes: changed });
    const { run, part } = setUp();
    leave(part, changed.subarray(0, 250_000));
    await expect(run()).rejects.toMatchObject({ code: 'model/checksum' });
    expect(server.requests).toEqual(['model bytes=250000-', 'model']);
  });

  it('throws away a beginning that is longer than the file', async () => {
    server.files.set('model', { bytes });
    const { run, target, part } = setUp();
    leave(part, Buffer.concat([bytes, Buffer.from('more')]));
    await run();
    expect(server.requests).toEqual(['model']);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('follows where it is sent on to', async () => {
    server.files.set('model', { bytes: Buffer.alloc(0), faults: [{ kind: 'redirect', to: '/store/model?key=1' }] });
    server.files.set('store/model?key=1', { bytes });
    const { run, target } = setUp();
    await run();
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it.each(['http://example.com/model', 'ftp://example.com/model', 'http://'])('is not sent on to %s', async (to) => {
    server.files.set('model', { bytes, faults: [{ kind: 'redirect', to }] });
    const { run, pauses } = setUp();
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('without encryption; refused') });
    expect(server.requests).toEqual(['model']);
    expect(pauses).toEqual([]);
  });

  it('is not sent around for ever', async () => {
    const faults = Array.from({ length: 99 }, () => ({ kind: 'redirect' as const, to: '/model' }));
    server.files.set('model', { bytes, faults });
    await expect(setUp().run()).rejects.toMatchObject({ message: expect.stringContaining('too often') });
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it('is told from a bad network, at once', async () => {
    server.files.set('model', { bytes });
    const { run, part, pauses } = setUp();
    mkdirSync(join(folder, 'onnx'));
    symlinkSync('/dev/full', part);
    await expect(run()).rejects.toMatchObject({
      code: 'model/missing',
      message: expect.stringMatching(/^The disk is full: .*Make room and download again/),
    });
    expect(pauses).toEqual([]);
  });
});
