// What a disk may hold after a power cut: the system calls of a process, recorded by strace, and the states that a file system may leave of them. Test processes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { seededRandom } from './photo-fixtures.ts';
import { doneIn } from './store-work.ts';

/** A system call that changes files, or the line by which the process acknowledged something. */
export type Call =
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'create' | 'unlink' | 'sync'; readonly path: string }
  | { readonly kind: 'empty'; readonly path: string }
  | { readonly kind: 'said'; readonly lines: readonly string[] };

/** Command and arguments under which a process writes its record to `output`. All bytes are in it, as hexadecimal digits. */
export function recording(output: string): string[] {
  const calls =
    'openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename,renameat,renameat2,unlinkat,pwritev,fallocate';
  return ['strace', '-f', '-qq', '--seccomp-bpf', '-y', '-xx', '-s', '70000', '-e', `trace=${calls}`, '-o', output];
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');

/**
 * The calls of a record that concern SQLite files directly in `folder`, in order, and what was printed.
 * @throws where a file there is changed in a way that the model does not know
 */
export function callsIn(record: string, folder: string): Call[] {
  const calls: Call[] = [];
  for (const line of unfinishedJoined(linesOf(readFileSync(record)))) {
    const call = /^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)/s.exec(line);
    if (!call || Number(call[3]) < 0) continue;
    const found = toCall(call[1] ?? '', call[2] ?? '', folder);
    if (found) calls.push(found);
  }
  return calls;
}

/** A record may be longer than the longest string. */
function* linesOf(record: Buffer): Generator<string> {
  for (let start = 0; start < record.length; ) {
    const end = record.indexOf(10, start);
    yield record.toString('latin1', start, end === -1 ? record.length : end);
    if (end === -1) return;
    start = end + 1;
  }
}

/** A call that another thread's interrupted is in two lines. */
function* unfinishedJoined(lines: Iterable<string>): Generator<string> {
  const begun = new Map<string, string>();
  for (const line of lines) {
    const thread = /^\d+/.exec(line)?.[0] ?? '';
    const start = /^(.*) <unfinished \.\.\.>$/s.exec(line)?.[1];
    const rest = /<\.\.\. \w+ resumed>(.*)$/s.exec(line)?.[1];
    if (start !== undefined) begun.set(thread, start);
    else yield rest === undefined ? line : `${begun.get(thread) ?? ''}${rest}`;
  }
}

/** `23<\x2f\x64…>` as the path it names. */
const pathOf = (argument = ''): string => hex(/<([^>]*)>/.exec(argument)?.[1] ?? '').toString('latin1');
const quoted = (text: string, index = 0): string =>
  hex([...text.matchAll(/"([^"]*)"/g)][index]?.[1] ?? '').toString('latin1');

function toCall(name: string, text: string, folder: string): Call | null {
  const [first = '', ...others] = text.split(', ');
  if (name === 'write' && /^[12]</.test(first)) return { kind: 'said', lines: said(text) };
  const path = name === 'openat' || name === 'unlink' || name.includes('rename') ? quoted(text) : pathOf(first);
  if (!path.startsWith(`${folder}/`) && path !== folder) return null;
  // Shared memory lies in a mapping and is made anew; the lock file holds nothing.
  if (path.endsWith('-shm') || basename(path).startsWith('owner.db')) return null;
  switch (name) {
    case 'openat':
      if (text.includes('O_TRUNC')) return { kind: 'empty', path };
      return text.includes('O_CREAT') ? { kind: 'create', path } : null;
    case 'pwrite64':
      return { kind: 'write', path, offset: Number(others.at(-1)), bytes: hex(/"([^"]*)"/.exec(text)?.[1] ?? '') };
    case 'ftruncate':
      return { kind: 'truncate', path, size: Number(others.at(-1)) };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', path };
    case 'unlink':
      return { kind: 'unlink', path };
    default:
      throw new Error(`the model of power cuts knows nothing of ${name} of ${path}`);
  }
}

function said(text: string): string[] {
  const whole = quoted(text);
  return whole.split('\n').slice(0, -1);
}

/** What changes a file's bytes. */
type Change = Extract<Call, { kind: 'write' | 'truncate' | 'empty' }>;

function isChange(call: Call): call is Change {
  return call.kind === 'write' || call.kind === 'truncate' || call.kind === 'empty';
}

/** A file: what is surely on the disk, and what may be. */
interface DiskFile {
  readonly durable: Content;
  pending: Change[];
}

/** A change of the folder that no later sync has made sure of yet. They reach the disk in order, as with ordered metadata. */
interface Renaming {
  readonly kind: 'create' | 'unlink';
  readonly path: string;
  readonly file: DiskFile;
}

/** A file system that keeps to the least that it promises: synced bytes stay, the rest is kept, lost or torn as chance will have it. */
export function makeDisk() {
  const durableNames = new Map<string, DiskFile>();
  const names = new Map<string, DiskFile>();
  let renamings: Renaming[] = [];

  function fileAt(path: string): DiskFile {
    const known = names.get(path);
    if (known) return known;
    const file = { durable: contentOf(Buffer.alloc(0)), pending: [] };
    names.set(path, file);
    renamings.push({ kind: 'create', path, file });
    return file;
  }

  function sync(path: string): void {
    const file = names.get(path);
    for (const change of file?.pending ?? []) applyTo(file?.durable, change);
    if (file) file.pending = [];
    // Of a file or of the folder: what was renamed before is on the disk with it.
    for (const renaming of renamings) rename(durableNames, renaming);
    renamings = [];
  }

  function unlink(path: string): void {
    renamings.push({ kind: 'unlink', path, file: fileAt(path) });
    names.delete(path);
  }

  return {
    apply(call: Call): void {
      if (call.kind === 'sync') sync(call.path);
      else if (call.kind === 'unlink') unlink(call.path);
      else if (call.kind === 'create') fileAt(call.path);
      else if (isChange(call)) fileAt(call.path).pending.push(call);
    },
    /** One of the states that the disk may be in now. */
    stateAfterCut(random: () => number): Map<string, Buffer> {
      const left = new Map(durableNames);
      const reached = Math.floor(random() * (renamings.length + 1));
      for (const renaming of renamings.slice(0, reached)) rename(left, renaming);
      const luck = random();
      return new Map([...left].map(([path, file]) => [path, bytesAfterCut(file, luck, random)]));
    },
  };
}

function rename(names: Map<string, DiskFile>, { kind, path, file }: Renaming): void {
  if (kind === 'create') names.set(path, file);
  else names.delete(path);
}

/** Growing bytes; what lies beyond the size is zero. */
interface Content {
  bytes: Buffer;
  size: number;
}

function contentOf(bytes: Buffer): Content {
  return { bytes, size: bytes.length };
}

function resize(content: Content, size: number): void {
  if (size > content.bytes.length) {
    const larger = Buffer.alloc(Math.max(size, 2 * content.bytes.length));
    content.bytes.copy(larger, 0, 0, content.size);
    content.bytes = larger;
  }
  if (size < content.size) content.bytes.fill(0, size, content.size);
  content.size = size;
}

function applyTo(content: Content | undefined, change: Change): void {
  if (!content) return;
  if (change.kind !== 'write') {
    resize(content, change.kind === 'empty' ? 0 : change.size);
    return;
  }
  resize(content, Math.max(content.size, change.offset + change.bytes.length));
  change.bytes.copy(content.bytes, change.offset);
}

const sectorBytes = 512;

/** @param luck one number for the whole disk: a fifth of all cuts lose every pending change, a fifth none, the others some */
function bytesAfterCut({ durable, pending }: DiskFile, luck: number, random: () => number): Buffer {
  const synced = durable.bytes.subarray(0, durable.size);
  if (pending.length === 0 || luck < 0.2) return synced;
  const content = contentOf(Buffer.from(synced));
  for (const change of pending) {
    const fate = luck < 0.4 ? 1 : random();
    if (fate > 0.5) applyTo(content, change);
    else if (fate > 0.25 && change.kind === 'write') tear(content, change, random);
  }
  return content.bytes.subarray(0, content.size);
}

/** Some sectors arrive, in any order, and the file may be as long as if all had. */
function tear(content: Content, { offset, bytes }: Change & { kind: 'write' }, random: () => number): void {
  if (random() < 0.5) resize(content, Math.max(content.size, offset + bytes.length));
  for (let at = 0; at < bytes.length; at += sectorBytes) {
    if (random() < 0.5) continue;
    const end = Math.min(at + sectorBytes, bytes.length);
    resize(content, Math.max(content.size, offset + end));
    bytes.copy(content.bytes, offset + at, at, end);
  }
}

/** Puts a state where a program can open it, in place of the one before. */
export function writeState(state: ReadonlyMap<string, Buffer>, folder: string, random: () => number): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of state) {
    writeFileSync(join(folder, basename(path)), bytes);
    // What the system had written of the shared memory by then may be anything.
    if (path.endsWith('.db') && random() < 0.3) {
      writeFileSync(join(folder, `${basename(path)}-shm`), Buffer.alloc(32_768, Math.floor(random() * 256)));
    }
  }
}

/** How many states are looked at after each call: one where the log only grows, more around what takes it over, renames and shortens. */
function weights(calls: readonly Call[]): number[] {
  const isRare = (call: Call): boolean =>
    call.kind !== 'said' && !(call.kind === 'write' && call.path.endsWith('-wal'));
  return calls.map((_, index) => (calls.slice(Math.max(0, index - 2), index + 3).some(isRare) ? 1 : 0.2));
}

/** Calls `look` with states after cuts, spread over the calls, each with what was acknowledged by then. */
export async function cutOften(
  calls: readonly Call[],
  count: number,
  seed: number,
  look: (state: ReadonlyMap<string, Buffer>, acknowledged: readonly string[], random: () => number) => Promise<void>,
): Promise<void> {
  const random = seededRandom(seed);
  const disk = makeDisk();
  const acknowledged: string[] = [];
  const perCall = weights(calls);
  const share = count / perCall.reduce((sum, weight) => sum + weight, 0);
  let due = 0;
  for (const [index, call] of calls.entries()) {
    disk.apply(call);
    if (call.kind === 'said') acknowledged.push(...doneIn(call.lines));
    for (due += (perCall[index] ?? 0) * share; due >= 1; due--)
      await look(disk.stateAfterCut(random), acknowledged, random);
  }
}
