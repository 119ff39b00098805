// Reads and validates the pack.json of one folder. Inference process.
import { lstat, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { firstLine, ModelError } from '../errors.ts';
import { type Pack, PackSchema } from '../pack.ts';

/** A manifest describes files, it does not hold them; anything larger is not one. */
const maxManifestBytes = 1 << 20;

/**
 * @returns the manifest, with its defaults filled in.
 * @throws ModelError `model/missing` (no such folder or manifest), `model/manifest` (not valid; the message names the first field at fault).
 */
export async function readPack(folder: string): Promise<Pack> {
  const name = basename(folder);
  const text = await readManifest(folder, name);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModelError('model/manifest', `Pack ${name}: pack.json is not JSON (${firstLine(cause)}).`, { cause });
  }
  const parsed = PackSchema.safeParse(value);
  if (!parsed.success) throw new ModelError('model/manifest', `Pack ${name}: pack.json ${firstIssue(parsed.error)}.`);
  return parsed.data;
}

async function readManifest(folder: string, name: string): Promise<string> {
  const path = join(folder, 'pack.json');
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || stats.size > maxManifestBytes) {
      throw new ModelError('model/manifest', `Pack ${name}: pack.json is not a plain file of at most 1 MB.`);
    }
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError('model/missing', `Pack ${name}: no readable pack.json in its folder.`, { cause });
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'is not valid';
  return `${issue.path.join('.') || 'as a whole'}: ${issue.message}`;
}
