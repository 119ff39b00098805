// Examines this installation and its library: versions, models, hardware, limits, store. Shell process.
import { readFile } from 'node:fs/promises';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { z } from 'zod';
import type { DoctorReport } from '../../../preload/contract/shell.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { OpenedPack } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { StoreHealth } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import type { ModelsService } from '../models/models-service.ts';

export interface DoctorParts {
  readonly db: LibraryDb;
  readonly inference: InferencePool;
  readonly models: Pick<ModelsService, 'packs'>;
  readonly libraryFolder: string;
  readonly mode: 'owner' | 'reader';
  readonly version: string;
  /** Epoch milliseconds. */
  now(): number;
  /** What a window shows as banners now, in the same words. */
  notices(): readonly string[];
}

type Report = z.input<typeof DoctorReport>;

/** SQLite's names for `PRAGMA synchronous`, in the order of their numbers. */
const synchronousNames = ['off', 'normal', 'full', 'extra'];
/** Below this many watches a large library's folders cannot all be watched on Linux: one is needed for each directory. */
const fewWatches = 20_000;
/** One is made on every day on which the library is open: where none was for so long, making them fails, or nobody opened it. */
const oldBackupMs = 7 * 86_400_000;

export async function examine(parts: DoctorParts): Promise<Report> {
  const problems: string[] = [];
  const health = await parts.db.health();
  const pack = await openedPack(parts.inference, problems);
  const watchLimit = await readWatchLimit();
  if (watchLimit !== null && watchLimit < fewWatches) {
    problems.push(
      `the system allows ${watchLimit} folder watches, one for each folder of photos and its subfolders; where they do not suffice, changes are found every 10 minutes instead of at once: raise fs.inotify.max_user_watches`,
    );
  }
  if (health.quickCheck !== 'ok')
    problems.push(`the database is damaged (${health.quickCheck}); restore a backup from the library's backups folder`);
  const { lastBackupAt } = await parts.db.care();
  if (lastBackupAt !== null && parts.now() - lastBackupAt > oldBackupMs) {
    problems.push(
      `the last copy of the library is of ${isoOf(lastBackupAt).slice(0, 10)}; run "photoseek backup", which makes one or says why it cannot`,
    );
  }
  const notices = parts.notices();
  // Said once: a banner holds the reason in its sentence.
  const isSaid = (problem: string): boolean => notices.some((notice) => notice.includes(problem));
  return {
    versions: {
      photoseek: parts.version,
      node: process.versions.node,
      sqlite: health.sqliteVersion,
      ...(pack ? { onnxruntime: pack.runtime } : {}),
    },
    system: {
      platform: `${platform()} ${release()}`,
      arch: arch(),
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 1e8) / 10,
      watchLimit,
    },
    packs: pack ? openedPacks(pack) : await packsOnDisk(parts.models),
    providers: pack ? pack.providers.map((provider) => ({ ...provider })) : [],
    store: { ...storeReport(parts, health), lastBackup: lastBackupAt === null ? null : isoOf(lastBackupAt) },
    problems: [...problems.filter((problem) => !isSaid(problem)), ...notices],
  };
}

async function openedPack(inference: InferencePool, problems: string[]): Promise<OpenedPack | null> {
  try {
    return await inference.pack();
  } catch (error) {
    problems.push(error instanceof AppError ? error.message : 'the model pack could not be opened');
    return null;
  }
}

function openedPacks(pack: OpenedPack): Report['packs'] {
  return pack.packs.map(({ sizeBytes, ...listing }) => ({
    ...listing,
    active: listing.id === pack.id,
    sizeMb: Math.round(sizeBytes / 1e5) / 10,
  }));
}

/** Where the active pack could not be opened: it is damaged then, whatever its manifest says. */
async function packsOnDisk(models: DoctorParts['models']): Promise<Report['packs']> {
  const packs = await models.packs();
  return packs
    .filter(({ active, state }) => active || state !== 'available')
    .map(({ id, revision, title, licence, notice, sizeMb, active, state }) => ({
      id,
      revision: revision ?? '',
      title,
      licence,
      notice,
      active,
      state: active || state === 'damaged' ? 'damaged' : 'ok',
      sizeMb,
    }));
}

const isoOf = (time: number): string => new Date(time).toISOString();

function storeReport(parts: DoctorParts, health: StoreHealth): Omit<Report['store'], 'lastBackup'> {
  return {
    library: parts.libraryFolder,
    mode: parts.mode,
    sqlite: health.sqliteVersion,
    schema: health.schemaVersion,
    journal: health.journalMode,
    synchronous: synchronousNames[health.synchronous] ?? String(health.synchronous),
    sizeMb: Math.round(health.sizeBytes / 1e5) / 10,
    check: health.quickCheck,
  };
}

/** Linux only; other systems watch a whole tree with one handle. */
async function readWatchLimit(): Promise<number | null> {
  try {
    return Number(await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
  } catch {
    return null;
  }
}
