// The packs of this installation as one thing: what is installed, what can be fetched, fetching it. Shell process.
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ModelError } from '../errors.ts';
import type { Pack, PackFile } from '../pack.ts';
import { type Net, sizeOf } from './fetch-file.ts';
import {
  discardPartial,
  fetchPack,
  type InstallProgress,
  partialBytes,
  publishPack,
  unpinnedMessage,
} from './install-pack.ts';
import { locatePacks, shippedPacksFolder } from './locate-packs.ts';
import { type PackOffer, readOffers } from './pack-offer.ts';
import { verifyPack } from './verify.ts';

/** A pack that is installed, can be fetched, or both. */
export interface StoredPack {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly notice: string;
  /** On disk, or to fetch. */
  readonly bytes: number;
  /** Null where it is not installed. */
  readonly revision: string | null;
  /** Why the installed pack cannot be used, or why the offered one cannot be fetched; else null. Checksums are taken when it is opened. */
  readonly problem: string | null;
  /** It lies in the person's models folder and is offered: deleting it loses nothing that cannot be had again. */
  readonly isRemovable: boolean;
}

export interface PackStore {
  /** Installed packs in the order in which they are found, then the offered ones. */
  list(): Promise<StoredPack[]>;
  /** Bytes to fetch in all. @throws ModelError `model/missing` where no such pack is offered, `model/manifest` where it cannot be fetched. */
  offeredBytes(packId: string): Promise<number>;
  /** Downloads that an earlier run left. */
  unfinished(): Promise<{ packId: string; doneBytes: number; totalBytes: number }[]>;
  /** Fetches and verifies; nothing changes for who uses an installed pack of the id. @throws ModelError; the signal's reason. */
  fetch(packId: string, call: { signal: AbortSignal; onProgress(progress: InstallProgress): void }): Promise<void>;
  /** Puts what was fetched in place. */
  publish(packId: string): Promise<void>;
  discardFetched(packId: string): Promise<void>;
  /** Deletes an installed pack that is removable. */
  remove(packId: string): Promise<void>;
}

export interface PackStoreOptions {
  /** Searched for installed packs before the shipped ones; the first takes downloads. */
  readonly packFolders: readonly string[];
  /** Folder of the offers; the shipped ones by default. */
  readonly offersFolder?: string;
  readonly net: Net;
}

export function createPackStore({ packFolders, offersFolder = shippedPacksFolder, net }: PackStoreOptions): PackStore {
  const [modelsFolder] = packFolders;

  function downloads(): string {
    if (modelsFolder !== undefined) return modelsFolder;
    throw new ModelError('model/missing', 'There is no folder for downloaded packs; set PHOTOSEEK_MODELS to one.');
  }

  async function offer(packId: string): Promise<PackOffer> {
    const found = (await readOffers(offersFolder)).find(({ pack }) => pack.id === packId);
    if (!found) throw new ModelError('model/missing', `No pack "${packId}" is offered for download.`);
    if (found.unpinned.length > 0) throw new ModelError('model/manifest', unpinnedMessage(found));
    return found;
  }

  async function installed(): ReturnType<typeof locatePacks> {
    return locatePacks([...packFolders, shippedPacksFolder]);
  }

  return {
    list: async () => listPacks(await installed(), await readOffers(offersFolder), modelsFolder),
    offeredBytes: async (packId) => (await offer(packId)).bytes,
    async unfinished() {
      if (modelsFolder === undefined) return [];
      const found = [];
      for (const offered of await readOffers(offersFolder)) {
        const doneBytes = await partialBytes(offered, modelsFolder);
        if (doneBytes !== null) found.push({ packId: offered.pack.id, doneBytes, totalBytes: offered.bytes });
      }
      return found;
    },
    async fetch(packId, { signal, onProgress }) {
      const offered = await offer(packId);
      const { packs } = await installed();
      const reuse = (file: PackFile): Promise<string | null> => findSame(packs, file);
      await fetchPack({ offer: offered, modelsFolder: downloads(), signal, net, reuse, onProgress });
    },
    publish: async (packId) => publishPack(await offer(packId), downloads()),
    discardFetched: async (packId) => discardPartial(packId, downloads()),
    async remove(packId) {
      const found = (await installed()).packs.find(({ pack }) => pack.id === packId);
      // Only ever a folder of our own making: that of the pack's name, directly in the models folder.
      if (found && found.folder === join(downloads(), packId)) await rm(found.folder, { recursive: true, force: true });
    },
  };
}

async function listPacks(
  { packs, refused }: Awaited<ReturnType<typeof locatePacks>>,
  offers: readonly PackOffer[],
  modelsFolder: string | undefined,
): Promise<StoredPack[]> {
  const offered = new Set(offers.map(({ pack }) => pack.id));
  const found: StoredPack[] = [];
  for (const { folder, pack } of packs) {
    const isRemovable = modelsFolder !== undefined && folder === join(modelsFolder, pack.id) && offered.has(pack.id);
    found.push({ ...describe(pack), revision: pack.revision, problem: await missingFile(folder, pack), isRemovable });
  }
  const has = (id: string): boolean => found.some((other) => other.id === id);
  for (const { folder, error } of refused) {
    const id = basename(folder);
    const offer = offers.find(({ pack }) => pack.id === id);
    const described = offer ? describe(offer.pack) : { id, title: id, licence: '', notice: '', bytes: 0 };
    if (!has(id)) found.push({ ...described, revision: '', problem: error.message, isRemovable: false });
  }
  for (const offer of offers) {
    const problem = offer.unpinned.length > 0 ? unpinnedMessage(offer) : null;
    if (!has(offer.pack.id)) found.push({ ...describe(offer.pack), revision: null, problem, isRemovable: false });
  }
  return found;
}

function describe(pack: Pack): Pick<StoredPack, 'id' | 'title' | 'licence' | 'notice' | 'bytes'> {
  const { id, title, licence, notice = '', files } = pack;
  return { id, title, licence, notice, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A look at sizes alone: quick enough to take for each list. */
async function missingFile(folder: string, pack: Pack): Promise<string | null> {
  for (const { path, bytes } of pack.files) {
    const found = await sizeOf(join(folder, path));
    if (found !== bytes) return `${path} is ${found === 0 ? 'missing' : 'damaged'}; download the pack again.`;
  }
  return null;
}

/** A verified file of an installed pack with the same bytes: packs share models, and a damaged pack keeps what is sound of it. */
async function findSame(packs: readonly { folder: string; pack: Pack }[], file: PackFile): Promise<string | null> {
  for (const { folder, pack } of packs) {
    for (const same of pack.files.filter(({ sha256, bytes }) => sha256 === file.sha256 && bytes === file.bytes)) {
      const verified = await verifyPack(folder, { ...pack, files: [same] }, new Map()).catch(() => null);
      const path = verified?.get(same.path);
      if (path !== undefined) return path;
    }
  }
  return null;
}
