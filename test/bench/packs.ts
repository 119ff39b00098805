// Which model pack a benchmark runs with: the one asked for, else the shipped one, else the tiny one of the tests. Benchmark process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface BenchPack {
  readonly id: string;
  /** The folder that holds the pack's folder. */
  readonly parent: string;
  readonly folder: string;
}

export const repository = fileURLToPath(new URL('../..', import.meta.url));

const shipped = path.join(repository, 'native-models', 'packs');
const tiny = path.join(repository, 'test', 'fixtures', 'models');

/** The shipped starter pack, or null where it has not been built or fetched. */
export function starterPack(): BenchPack | null {
  return packAt(shipped, 'starter');
}

/** `PHOTOSEEK_PACK` (with `PHOTOSEEK_MODELS`) decides; figures of the tiny pack say nothing about models. */
export function chosenPack(): BenchPack {
  const id = process.env['PHOTOSEEK_PACK'];
  const parents = [process.env['PHOTOSEEK_MODELS'] ?? tiny, shipped, tiny];
  const found = id === undefined ? starterPack() : parents.map((parent) => packAt(parent, id)).find(Boolean);
  const pack = found ?? packAt(tiny, 'tiny-starter');
  if (!pack || (id !== undefined && pack.id !== id)) throw new Error(`no model pack ${id ?? 'tiny-starter'}`);
  return pack;
}

function packAt(parent: string, id: string): BenchPack | null {
  const folder = path.join(parent, id);
  return existsSync(path.join(folder, 'pack.json')) ? { id, parent, folder } : null;
}
