// The use-cases of the models domain: list packs, fetch them, work with another one without mixing what two packs made. Shell process.
import type { PackDownload, PackReport } from '../../../preload/contract/models.ts';
import { createDownloads } from './downloads.ts';
import type { PackFiles, PackOnDisk } from './pack-files.ts';
import { createPackInUse, type PackInUse, type PackInUseParts } from './pack-in-use.ts';

export interface ModelsServiceParts extends PackInUseParts {
  readonly files: PackFiles;
  /** The errors of packs are not the product's own. */
  toAppError(error: unknown): Error;
  /** The state of a download changed. */
  publish(downloads: PackDownload[]): void;
}

export interface ModelsService {
  packs(): Promise<PackReport[]>;
  downloads(): Promise<PackDownload[]>;
  /** Goes on in the background. @throws AppError `model/*` where the pack is not offered. */
  download(packId: string): Promise<void>;
  /** Resolves once nothing is fetched any more. */
  pause(packId: string): Promise<void>;
  /** Of a finished download, the installed pack goes with it. @throws AppError `input/invalid` for the pack in use. */
  discard(packId: string): Promise<void>;
  /**
   * Every graph of the pack is loaded before anything changes; where one fails, the pack before stays in use. Indexing rests during the switch and
   * goes on with the new pack. @throws AppError `model/*`, or `store/*` where the choice cannot be kept.
   */
  activate(packId: string): Promise<void>;
  close(): Promise<void>;
}

/** What the contract takes for an id; a pack named otherwise cannot be chosen in a window. */
const idPattern = /^[a-z0-9-]{1,40}$/;

export function createModelsService(parts: ModelsServiceParts): ModelsService {
  const { files } = parts;
  const inUse = createPackInUse(parts);
  const downloads = createDownloads({
    files,
    toAppError: parts.toAppError,
    onChange: parts.publish,
    onFailure: (packId, err) => parts.log.warn({ area: 'models', packId, err }, 'download failed'),
    install: inUse.install,
  });

  async function packs(): Promise<PackReport[]> {
    const found = (await files.list()).filter(({ id }) => idPattern.test(id)).map((pack) => toReport(pack, inUse));
    if (!found.some(({ active }) => active) && idPattern.test(inUse.id())) found.push(lostPack(inUse.id()));
    return found;
  }

  async function discard(packId: string): Promise<void> {
    const isDone = (await downloads.list()).some((one) => one.packId === packId && one.state === 'done');
    if (!isDone) return downloads.discard(packId);
    await inUse.remove(packId);
    downloads.forget(packId);
  }

  async function converted<T>(work: Promise<T>): Promise<T> {
    return work.catch((error) => {
      throw parts.toAppError(error);
    });
  }

  return {
    packs: () => converted(packs()),
    downloads: () => converted(downloads.list()),
    download: (packId) => converted(downloads.start(packId)),
    pause: downloads.pause,
    discard: (packId) => converted(discard(packId)),
    activate: (packId) => converted(inUse.use(packId)),
    close: downloads.close,
  };
}

function toReport(pack: PackOnDisk, inUse: PackInUse): PackReport {
  const active = pack.id === inUse.id();
  const isInstalled = pack.revision !== null;
  const problem = pack.problem ?? (isInstalled ? inUse.problemOf(pack.id) : active ? notInstalled : null);
  return {
    id: pack.id,
    title: pack.title,
    revision: pack.revision || null,
    licence: pack.licence,
    notice: pack.notice,
    sizeMb: Math.round(pack.bytes / 1e5) / 10,
    active,
    state: isInstalled ? (problem === null ? 'installed' : 'damaged') : 'available',
    problem,
  };
}

const notInstalled = 'This pack is in use but no longer installed; download it again or use another one.';

function lostPack(id: string): PackReport {
  return {
    id,
    title: id,
    revision: null,
    licence: '',
    notice: '',
    sizeMb: 0,
    active: true,
    state: 'damaged',
    problem: 'This pack is in use but no longer installed; use another one.',
  };
}
