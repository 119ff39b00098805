// Keeps large pictures made for the screen on disk, the latest used ones, within a bound; all of it may be deleted at any time. Shell process.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PreviewCache {
  /** The bytes kept under this key; null where there are none. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keeps the bytes, and lets go of those not used for the longest time. A disk that takes nothing is no error: the picture is made again. */
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface PreviewCacheOptions {
  readonly folder: string;
  /** Sum of the kept files' sizes; a picture larger than this is not kept. */
  readonly maxBytes: number;
}

interface Entry {
  sizeBytes: number;
}

const ending = '.webp';
/** Keys are hashes and a version; a name of anything else was not put there by us. */
const keyForm = /^[0-9a-z-]{1,100}$/;

export function createPreviewCache({ folder, maxBytes }: PreviewCacheOptions): PreviewCache {
  let opened: Promise<Map<string, Entry>> | undefined;
  let total = 0;

  /** What is there already, by time of use. Files half written by a run that ended are deleted. */
  async function readFolder(): Promise<Map<string, Entry>> {
    await mkdir(folder, { recursive: true });
    const found: { key: string; sizeBytes: number; usedAt: number }[] = [];
    for (const name of await readdir(folder)) {
      const key = name.slice(0, -ending.length);
      if (!name.endsWith(ending) || !keyForm.test(key)) {
        if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
        continue;
      }
      const stats = await stat(join(folder, name)).catch(() => null);
      if (stats) found.push({ key, sizeBytes: stats.size, usedAt: stats.mtimeMs });
    }
    found.sort((a, b) => a.usedAt - b.usedAt);
    total = found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return new Map(found.map(({ key, sizeBytes }) => [key, { sizeBytes }]));
  }

  function entries(): Promise<Map<string, Entry>> {
    opened ??= readFolder().catch(() => new Map());
    return opened;
  }

  async function drop(known: Map<string, Entry>, key: string): Promise<void> {
    total -= known.get(key)?.sizeBytes ?? 0;
    known.delete(key);
    await rm(fileOf(folder, key), { force: true }).catch(() => undefined);
  }

  return {
    async get(key) {
      const known = await entries();
      const entry = known.get(key);
      if (!entry) return null;
      try {
        const bytes = await readFile(fileOf(folder, key));
        if (bytes.length !== entry.sizeBytes) throw new Error('cut off or replaced');
        // Taken out first, so that the order of the map is the order of use; the time on disk carries it over a restart.
        known.delete(key);
        known.set(key, entry);
        await utimes(fileOf(folder, key), new Date(), new Date()).catch(() => undefined);
        return bytes;
      } catch {
        await drop(known, key);
        return null;
      }
    },
    async put(key, bytes) {
      if (!keyForm.test(key) || bytes.length > maxBytes) return;
      const known = await entries();
      const part = join(folder, `${randomUUID()}.part`);
      try {
        await writeFile(part, bytes, { flag: 'wx' });
        await rename(part, fileOf(folder, key));
      } catch {
        await rm(part, { force: true }).catch(() => undefined);
        return;
      }
      total += bytes.length - (known.get(key)?.sizeBytes ?? 0);
      known.delete(key);
      known.set(key, { sizeBytes: bytes.length });
      for (const oldest of known.keys()) {
        if (total <= maxBytes) return;
        await drop(known, oldest);
      }
    },
  };
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${key}${ending}`);
}
