// Fetches one file of a pack: goes on where it was cut off, and lets nothing pass that is not the pinned file. Shell process.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { firstLine, ModelError } from '../errors.ts';
import type { PackFile } from '../pack.ts';
import { isSafeUrl } from './pack-offer.ts';

/** The world outside, given in so that tests need neither a network nor patience. */
export interface Net {
  readonly fetch: typeof fetch;
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** A connection that gives nothing for so long counts as cut. Milliseconds. */
  readonly stallMs: number;
}

export const systemNet: Net = {
  fetch: (...request) => fetch(...request),
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  stallMs: 30_000,
};

export interface FetchFileInput {
  readonly url: string;
  readonly file: PackFile;
  /** Absolute path of the finished file; until then its bytes lie in `<target>.part`. */
  readonly target: string;
  /** Ends the fetch; what came so far stays for the next time. */
  readonly signal: AbortSignal;
  readonly net: Net;
  /** How many bytes of this file are there now; falls where a start was no good. */
  onBytes(bytes: number): void;
}

/** Pauses between attempts that brought nothing, in milliseconds; an attempt that brought bytes starts the row anew. */
const pausesMs = [1_000, 2_000, 4_000, 8_000];

/** Hosts of large files send on once or twice. */
const mostRedirects = 5;

/** Answers that another attempt can change. */
const passingStatus = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The connection, not the file: worth another attempt. */
class CutOff extends Error {}

/** The bytes are not the pinned ones, but some of them came from an earlier run: worth one attempt from the first byte on. */
class StaleStart extends Error {}

/**
 * The finished file has its pinned size and SHA-256 and is on disk. An existing `.part` is gone on with.
 * @throws ModelError `model/checksum` for another file than the pinned one (nothing of it is kept), `model/missing` for what cannot be reached
 * or written (what came is kept); the signal's reason where it was aborted.
 */
export async function fetchFile(input: FetchFileInput): Promise<void> {
  const part = partOf(input.target);
  await onDisk(input, () => mkdir(dirname(part), { recursive: true }));
  let isAnew = false;
  for (let empty = 0; ; ) {
    const before = await sizeOf(part);
    try {
      await attempt(input, part);
      break;
    } catch (error) {
      input.signal.throwIfAborted();
      if (error instanceof StaleStart && !isAnew) {
        isAnew = true;
        continue;
      }
      if (isOtherFile(error)) await rm(part, { force: true });
      if (!(error instanceof CutOff)) throw error;
      if ((await sizeOf(part)) > before) empty = 0;
      const pause = pausesMs[empty];
      if (pause === undefined) throw unreachable(input, error);
      empty += 1;
      await input.net.wait(pause, input.signal);
    }
  }
  await onDisk(input, () => rename(part, input.target));
}

export function partOf(target: string): string {
  return `${target}.part`;
}

/** 0 where there is no such file. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (stats) => (stats.isFile() ? stats.size : 0),
    () => 0,
  );
}

/** One request, from the first byte that is missing to the proof of the whole. */
async function attempt(input: FetchFileInput, part: string): Promise<void> {
  const { file } = input;
  if ((await sizeOf(part)) > file.bytes) await rm(part);
  const start = await sizeOf(part);
  const handle = await onDisk(input, () => open(part, 'a'));
  let sha256: string;
  try {
    const hash = createHash('sha256');
    if (start > 0) await addFile(hash, part);
    input.onBytes(start);
    sha256 = start === file.bytes ? hash.digest('hex') : await receive(input, handle, { hash, start });
    await onDisk(input, () => handle.sync());
  } finally {
    await handle.close();
  }
  if (sha256 === file.sha256) return;
  input.onBytes(0);
  if (start > 0) {
    await rm(part, { force: true });
    throw new StaleStart();
  }
  throw otherFile(input, 'its checksum differs');
}

/** @returns the SHA-256 of the whole file. */
async function receive(
  input: FetchFileInput,
  handle: FileHandle,
  { hash, start }: { hash: Hash; start: number },
): Promise<string> {
  const { file, net } = input;
  const stalled = new AbortController();
  const signal = AbortSignal.any([input.signal, stalled.signal]);
  const response = await watched(net, stalled, request(input, start, signal));
  let have = await acceptAnswer(input, response, start);
  let whole = hash;
  if (have !== start) {
    whole = createHash('sha256');
    await onDisk(input, () => handle.truncate(0));
    input.onBytes(0);
  }
  const body = response.body?.getReader();
  if (!body) throw new CutOff('an answer without content');
  try {
    for (;;) {
      const { done, value } = await watched(net, stalled, body.read().catch(cutOff));
      if (done) break;
      have += value.byteLength;
      if (have > file.bytes) throw otherFile(input, 'it is larger');
      await onDisk(input, () => handle.writeFile(value));
      whole.update(value);
      input.onBytes(have);
    }
  } finally {
    // A server that is not read to the end must not go on sending; a broken stream says so again.
    await body.cancel().catch(() => undefined);
  }
  if (have < file.bytes) throw new CutOff(`the connection ended after ${have} of ${file.bytes} bytes`);
  return whole.digest('hex');
}

/** Follows where it is sent on to, but never to an address without encryption: that one is not even asked. */
async function request(input: FetchFileInput, start: number, signal: AbortSignal): Promise<Response> {
  // A compressed answer could not be gone on with by byte.
  const headers = { 'accept-encoding': 'identity', ...(start > 0 ? { range: `bytes=${start}-` } : {}) };
  let url = input.url;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const response = await input.net.fetch(url, { headers, signal, redirect: 'manual' }).catch(cutOff);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel().catch(() => undefined);
    const next = URL.canParse(location, url) ? new URL(location, url).href : '';
    if (!isSafeUrl(next) || (url.startsWith('https:') && !next.startsWith('https:'))) {
      throw new ModelError('model/missing', `${nameOf(input)} was sent on to an address without encryption; refused.`);
    }
    url = next;
  }
  throw new ModelError('model/missing', `${nameOf(input)} was sent on too often; try again later.`);
}

/** @returns from which byte on the answer goes: `start`, or 0 where the server gives the whole. */
async function acceptAnswer(input: FetchFileInput, response: Response, start: number): Promise<number> {
  const { status, headers } = response;
  const end = async (error: Error): Promise<never> => {
    await response.body?.cancel().catch(() => undefined);
    throw error;
  };
  if (passingStatus.has(status)) return end(new CutOff(`the server answered ${status}`));
  if (status === 206 && start > 0) {
    const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
    if (total !== '*' && Number(total) !== input.file.bytes) return end(otherFile(input, 'its size differs'));
    return Number(from) === start ? start : end(otherFile(input, 'another part than the one asked for came'));
  }
  if (status !== 200) {
    const text = `${nameOf(input)} cannot be had: the server answered ${status}. Try again later.`;
    return end(new ModelError('model/missing', text));
  }
  const length = headers.get('content-length');
  if (length !== null && headers.get('content-encoding') === null && Number(length) !== input.file.bytes)
    return end(otherFile(input, 'its size differs'));
  return 0;
}

/** Waits for the connection no longer than it may be silent. */
async function watched<T>(net: Net, stalled: AbortController, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  void net.wait(net.stallMs, over.signal).then(
    () => stalled.abort(new CutOff('the connection went silent')),
    () => undefined,
  );
  try {
    return await promise;
  } finally {
    over.abort();
  }
}

function cutOff(error: unknown): never {
  throw new CutOff(causeOf(error), { cause: error });
}

/** `fetch` says "fetch failed" and keeps the reason in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : firstLine(cause);
}

async function addFile(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
}

/** What the disk refuses is told from what the network does: another attempt helps only there. */
async function onDisk<T>(input: FetchFileInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const text =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? `The disk is full: ${nameOf(input)} was not fetched whole. Make room and download again; it goes on where it stopped.`
        : `${nameOf(input)} cannot be written to the models folder (${code ?? firstLine(error)}).`;
    throw new ModelError('model/missing', text, { cause: error });
  }
}

function unreachable(input: FetchFileInput, error: CutOff): ModelError {
  const { host } = new URL(input.url);
  const text = `${nameOf(input)} could not be fetched from ${host} (${error.message}). Check the network and download again; it goes on where it stopped.`;
  return new ModelError('model/missing', text, { cause: error });
}

function otherFile(input: FetchFileInput, how: string): ModelError {
  const { host } = new URL(input.url);
  const text = `${nameOf(input)} from ${host} is not the file this version of Photoseek knows: ${how}. Nothing of it was kept.`;
  return new ModelError('model/checksum', text);
}

function isOtherFile(error: unknown): boolean {
  return error instanceof ModelError && error.code === 'model/checksum';
}

function nameOf({ file }: FetchFileInput): string {
  return file.path;
}
