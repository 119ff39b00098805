// Reads download.json, the description of a pack that can be fetched: its coming pack.json, and where each file comes from. Shell process.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { firstLine, ModelError } from '../errors.ts';
import { type Pack, PackSchema } from '../pack.ts';

/** Null stands for what is not known: a file without a size or checksum is not pinned, and its pack is not offered. */
const OfferedFile = z.strictObject({
  path: z.string(),
  bytes: z.int().positive().nullable(),
  sha256: z.string().nullable(),
  licence: z.string().optional(),
  source: z.string().optional(),
});

const OfferSchema = z.strictObject({
  format: z.literal(1),
  /** Server that all files come from; a mirror needs this line alone to change. */
  baseUrl: z.string().refine(isSafeUrl, 'must be an https address (http is for this computer alone)'),
  /** Below the base, by the file's path in the pack; names a fixed revision, not a branch. */
  from: z.record(z.string(), z.string().refine(isBelow, 'must be a relative address without "..", "?" or "#"')),
  pack: z.looseObject({ files: z.array(OfferedFile).min(1) }),
});

/** A pack as it will lie on disk. `files` of `pack` that are not pinned have size 0 and an empty hash's place holder: see `unpinned`. */
export interface PackOffer {
  readonly pack: Pack;
  /** Address of each file, by its path in the pack. */
  readonly urls: ReadonlyMap<string, string>;
  /** Paths of files of which the size or the checksum is not known; with any of them the pack cannot be fetched. */
  readonly unpinned: readonly string[];
  /** Of the pinned files and of those whose size alone is known. */
  readonly bytes: number;
}

/** Never the hash of anything: what is not pinned can never pass as verified. */
const noHash = '0'.repeat(64);

/** The offers one level below the folder, by name. @throws ModelError `model/manifest` for a download.json that is not valid. */
export async function readOffers(folder: string): Promise<PackOffer[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const offers: PackOffer[] = [];
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name, 'download.json'), 'utf8').catch(() => null);
    if (text !== null) offers.push(parseOffer(name, text));
  }
  return offers;
}

/** @throws ModelError `model/manifest`, naming the first field at fault. */
export function parseOffer(name: string, text: string): PackOffer {
  const read = OfferSchema.safeParse(parseJson(name, text));
  if (!read.success) throw invalid(name, read.error);
  const { baseUrl, from, pack: described } = read.data;
  const files = described.files.map((file) => ({ ...file, bytes: file.bytes ?? 0, sha256: file.sha256 ?? noHash }));
  const pack = PackSchema.safeParse({ ...described, files });
  if (!pack.success) throw invalid(name, pack.error);
  const urls = new Map<string, string>();
  for (const { path } of pack.data.files) {
    const below = from[path];
    if (below === undefined) throw new ModelError('model/manifest', `${name}/download.json: ${path} has no address.`);
    urls.set(path, `${baseUrl.replace(/\/+$/, '')}/${below}`);
  }
  const unpinned = described.files.filter(({ bytes, sha256 }) => bytes === null || sha256 === null);
  return {
    pack: pack.data,
    urls,
    unpinned: unpinned.map(({ path }) => path),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Bytes that a third party could change on the way are no use even with a checksum: it would learn what is fetched. */
export function isSafeUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

function isBelow(path: string): boolean {
  return (
    /^[A-Za-z0-9._/-]+$/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError('model/manifest', `${name}/download.json is not JSON (${firstLine(cause)}).`, { cause });
  }
}

function invalid(name: string, error: z.ZodError): ModelError {
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'as a whole';
  return new ModelError('model/manifest', `${name}/download.json ${where}: ${issue?.message ?? 'is not valid'}.`);
}
