// Brings an offered pack into the models folder: every file fetched and verified in a folder of its own, then put in place at once. Shell process.
import { copyFile, link, mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelError } from '../errors.ts';
import type { Pack, PackFile } from '../pack.ts';
import { lockDownload } from './download-lock.ts';
import { fetchFile, type Net, partOf, sizeOf } from './fetch-file.ts';
import type { PackOffer } from './pack-offer.ts';
import { verifyPack } from './verify.ts';

export interface InstallProgress {
  readonly phase: 'fetching' | 'verifying';
  readonly doneBytes: number;
}

export interface FetchPackInput {
  readonly offer: PackOffer;
  /** Folder of the installed packs; made where missing. */
  readonly modelsFolder: string;
  readonly signal: AbortSignal;
  readonly net: Net;
  /** Absolute path of a file with these bytes that is on this computer already, or null; it is verified like any other. */
  reuse(file: PackFile): Promise<string | null>;
  onProgress(progress: InstallProgress): void;
}

/** Left free on the disk, so that a library on it can go on. */
const spareBytes = 64_000_000;

/** Where a pack's files gather; the dot in front keeps it from being taken for a pack. */
function stagingFolder(modelsFolder: string, packId: string): string {
  return join(modelsFolder, `.download-${packId}`);
}

/**
 * Fetches what is missing and verifies all; the pack is not in use until `publishPack`. Goes on with what an earlier run left.
 * @throws ModelError as `fetchFile` does, and `model/manifest` where files of the offer are not pinned; the signal's reason.
 */
export async function fetchPack(input: FetchPackInput): Promise<void> {
  const { pack, unpinned } = input.offer;
  if (unpinned.length > 0) throw new ModelError('model/manifest', unpinnedMessage(input.offer));
  const staging = stagingFolder(input.modelsFolder, pack.id);
  await makeFolder(staging);
  const unlock = lockDownload(staging, pack.id);
  try {
    await checkRoom(input, staging);
    let before = 0;
    for (const file of pack.files) {
      const onBytes = (bytes: number): void => input.onProgress({ phase: 'fetching', doneBytes: before + bytes });
      await provide(input, { file, target: join(staging, file.path), onBytes });
      before += file.bytes;
      onBytes(0);
    }
    input.onProgress({ phase: 'verifying', doneBytes: before });
    for (const file of pack.files) await proveOrDrop(staging, pack, file);
    input.signal.throwIfAborted();
  } finally {
    unlock();
  }
}

/** Why an offer cannot be fetched, in one line. */
export function unpinnedMessage({ pack, unpinned }: PackOffer): string {
  const more = unpinned.length > 1 ? ` and ${unpinned.length - 1} more` : '';
  return `${pack.title} cannot be downloaded with this version: the checksum of ${unpinned[0]}${more} is not known, and unverified files are never used.`;
}

/**
 * Puts a fetched pack in place of the installed one of its id, if any. Processes that have the old one open may keep reading it, except on
 * Windows: end them first. @throws ModelError `model/missing` where the folder cannot be moved; the old pack is in place then.
 */
export async function publishPack(offer: PackOffer, modelsFolder: string): Promise<void> {
  const { id } = offer.pack;
  const staging = stagingFolder(modelsFolder, id);
  const place = join(modelsFolder, id);
  const old = join(modelsFolder, `.old-${id}`);
  try {
    await writeFile(join(staging, 'pack.json'), `${JSON.stringify(offer.pack, null, 1)}\n`);
    await rm(old, { recursive: true, force: true });
    await rename(place, old).catch(ignoreMissing);
    await rename(staging, place).catch(async (error) => {
      await rename(old, place).catch(() => undefined);
      throw error;
    });
  } catch (cause) {
    const text = `Pack ${id} was fetched but cannot be put in place; close other Photoseeks and download again.`;
    throw new ModelError('model/missing', text, { cause });
  }
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
}

/** Bytes of an unfinished download, or null where there is none. */
export async function partialBytes(offer: PackOffer, modelsFolder: string): Promise<number | null> {
  const staging = stagingFolder(modelsFolder, offer.pack.id);
  const isThere = await readdir(staging).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  let sum = 0;
  for (const file of offer.pack.files) sum += await presentBytes(join(staging, file.path), file);
  return sum;
}

export async function discardPartial(packId: string, modelsFolder: string): Promise<void> {
  await rm(stagingFolder(modelsFolder, packId), { recursive: true, force: true });
}

interface Wanted {
  readonly file: PackFile;
  readonly target: string;
  onBytes(bytes: number): void;
}

async function provide(input: FetchPackInput, { file, target, onBytes }: Wanted): Promise<void> {
  input.signal.throwIfAborted();
  // Its hash was taken when it came, and is taken again at the end.
  if ((await sizeOf(target)) === file.bytes) return;
  const known = await input.reuse(file);
  if (known !== null && (await takeOver(known, target))) return;
  const url = input.offer.urls.get(file.path);
  if (url === undefined) throw new Error(`${file.path} has no address`);
  await fetchFile({ url, file, target, signal: input.signal, net: input.net, onBytes });
}

/** A second name for the same bytes, or a copy where the file system knows no such thing. */
async function takeOver(known: string, target: string): Promise<boolean> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await link(known, target).catch(() => copyFile(known, target));
    return true;
  } catch {
    return false;
  }
}

/** What fails the proof is deleted, so that the next download fetches it anew. */
async function proveOrDrop(staging: string, pack: Pack, file: PackFile): Promise<void> {
  try {
    await verifyPack(staging, { ...pack, files: [file] }, new Map());
  } catch (cause) {
    await rm(join(staging, file.path), { force: true });
    const text = `${file.path} was damaged on this disk after it was fetched; download again to fetch it once more.`;
    throw new ModelError('model/checksum', text, { cause });
  }
}

async function checkRoom({ offer, modelsFolder }: FetchPackInput, staging: string): Promise<void> {
  let missing = 0;
  for (const file of offer.pack.files) missing += file.bytes - (await presentBytes(join(staging, file.path), file));
  const disk = await statfs(modelsFolder).catch(() => null);
  const free = disk ? disk.bavail * disk.bsize : Number.POSITIVE_INFINITY;
  if (missing === 0 || missing + spareBytes <= free) return;
  const more = Math.ceil((missing + spareBytes - free) / 1e6);
  const text = `The disk is too full for pack ${offer.pack.id}: ${more} MB more are needed. Make room and download again.`;
  throw new ModelError('model/missing', text);
}

async function presentBytes(target: string, file: PackFile): Promise<number> {
  if ((await sizeOf(target)) === file.bytes) return file.bytes;
  return Math.min(file.bytes, await sizeOf(partOf(target)));
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    const text = `The models folder cannot be written to (${cause.code}); check its permissions and the disk.`;
    throw new ModelError('model/missing', text, { cause });
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
