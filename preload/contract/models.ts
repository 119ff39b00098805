// Contract of the models domain: the packs there are, which one is in use, and downloads of further ones.
import { z } from 'zod';
import { method } from './define.ts';

const PackId = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const PackReport = z.object({
  id: PackId,
  title: z.string(),
  /** Null where it is not installed. */
  revision: z.string().nullable(),
  licence: z.string(),
  /** What a person should know before using it: what it is licensed for, what it is good at. */
  notice: z.string(),
  /** 10^6 bytes, on disk or to download. */
  sizeMb: z.number(),
  active: z.boolean(),
  state: z.enum(['installed', 'available', 'damaged']),
  /** Why it cannot be used, else null. */
  problem: z.string().nullable(),
});
export type PackReport = z.infer<typeof PackReport>;

export const PackDownload = z.object({
  packId: PackId,
  state: z.enum(['running', 'paused', 'verifying', 'failed', 'done']),
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** What went wrong and what to do, else null. */
  error: z.string().nullable(),
});
export type PackDownload = z.infer<typeof PackDownload>;

const OnePack = z.strictObject({ packId: PackId });

export const models = {
  packs: method(z.strictObject({}), z.object({ packs: z.array(PackReport) })),
  downloads: method(z.strictObject({}), z.object({ downloads: z.array(PackDownload) })),
  /** Starts or goes on with a download; the only thing in the product that uses the network, and only when asked. */
  download: method(OnePack, z.object({})),
  pause: method(OnePack, z.object({})),
  /** Stops a download and deletes what came of it. */
  discard: method(OnePack, z.object({})),
  /** Uses another installed pack from now on. Vectors of the old one stay and are never mixed with the new one's; photos are worked through again. */
  activate: method(OnePack, z.object({})),
};
