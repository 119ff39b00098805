// The folder of side files: saved whole or not at all, and given out only when their manifest proves them. Runs in the search process.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { hashFile, renameDurably, settleFile } from '../../platform/durable-file.ts';
import {
  doubtOf,
  type Manifest,
  readManifest,
  type SideFile,
  type SideIdentity,
  type SideState,
  sideFormat,
  writeManifest,
} from './manifest.ts';

/** A file to be saved. */
export interface SidePart {
  /** `hnsw`, `ids` or `rows`. */
  readonly ending: string;
  /** Writes the whole file. */
  write(file: string): Promise<void>;
  /** Bytes the file must have to be whole, told from what was read back; a writer that reports no errors is not believed. */
  wholeBytes(file: string): Promise<number>;
}

/** Files that were proven, by ending. */
export interface ProvenFiles {
  readonly manifest: Manifest;
  readonly files: Readonly<Record<string, string>>;
}

export interface SideStore {
  /** False for a program that may only read the library: nothing is removed then, and whoever keeps a structure does not save it. */
  readonly writes: boolean;
  /** Puts new files in place and removes the old. On failure the old ones stay, and `vectors/failed` is thrown. */
  save(identity: SideIdentity, state: SideState, parts: readonly SidePart[]): Promise<void>;
  /**
   * @returns files whose size and SHA-256 are those of their manifest, made for `wanted` and not ahead of `lastSeq`. Where there are none, or any doubt,
   * null: what is doubtful has been removed then where it may be, after `onDoubt` was told of it.
   */
  load(wanted: SideIdentity, lastSeq: number): Promise<ProvenFiles | null>;
  /** Removes what belongs to this structure, kind and model; nothing where this program may not. */
  discard(identity: SideIdentity): Promise<void>;
  /** Removes what belongs to other spaces than these: packs that nothing asks for any more would never be loaded, nor swept by a save. */
  keepOnly(spaces: readonly { readonly kind: string; readonly modelId: string }[]): Promise<void>;
}

export function createSideStore(options: {
  folder: string;
  writes: boolean;
  onDoubt?: (reason: string) => void;
}): SideStore {
  const { folder, writes, onDoubt = () => undefined } = options;
  const manifestOf = (identity: SideIdentity): string => path.join(folder, `${stemOf(identity)}.json`);

  /** Everything of this stem but `kept`: older generations, and what a killed save left. */
  async function sweep(identity: SideIdentity, kept: readonly string[]): Promise<void> {
    const own = (await namesIn(folder)).filter((name) => name.startsWith(`${stemOf(identity)}.`));
    const idle = own.filter((name) => !kept.includes(name));
    await Promise.all(idle.map((name) => rm(path.join(folder, name), { force: true })));
  }

  async function put(identity: SideIdentity, state: SideState, parts: readonly SidePart[]): Promise<void> {
    await mkdir(folder, { recursive: true });
    const files: SideFile[] = [];
    for (const part of parts) files.push(await putPart(folder, stemOf(identity), part));
    const manifest = { ...identity, ...state, format: sideFormat, files };
    const text = writeManifest(manifest);
    const temporary = `${manifestOf(identity)}.new`;
    await writeFile(temporary, text);
    await settleFile(temporary);
    if ((await readFile(temporary, 'utf8')) !== text) throw new Error('the manifest was not written whole');
    await renameDurably(temporary, manifestOf(identity));
    await sweep(identity, [path.basename(manifestOf(identity)), ...files.map(({ name }) => name)]);
  }

  async function discard(identity: SideIdentity): Promise<void> {
    if (!writes) return;
    // The manifest goes first: without it the files are nothing.
    await rm(manifestOf(identity), { force: true });
    await sweep(identity, []);
  }

  return {
    writes,
    async save(identity, state, parts) {
      try {
        await put(identity, state, parts);
      } catch (cause) {
        const kept = await read(manifestOf(identity));
        const names = kept?.files.map(({ name }) => name) ?? [];
        await sweep(identity, [path.basename(manifestOf(identity)), ...names]).catch(() => undefined);
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new AppError('vectors/failed', `The search index could not be saved (${why}).`, { cause });
      }
    },
    async load(wanted, lastSeq) {
      const found = await prove(folder, manifestOf(wanted), wanted, lastSeq).catch((error: unknown) => String(error));
      if (found === null || typeof found === 'object') return found;
      onDoubt(found);
      await discard(wanted).catch(() => undefined);
      return null;
    },
    discard,
    async keepOnly(spaces) {
      if (!writes) return;
      const kept = new Set(spaces.flatMap((space) => structures.map((structure) => stemOf({ ...space, structure }))));
      const idle = (await namesIn(folder)).filter((name) => ourStem.test(name) && !kept.has(name.split('.')[0] ?? ''));
      await Promise.all(idle.map((name) => rm(path.join(folder, name), { force: true })));
    },
  };
}

async function putPart(folder: string, stem: string, part: SidePart): Promise<SideFile> {
  const temporary = path.join(folder, `${stem}.${part.ending}.new`);
  await rm(temporary, { force: true });
  await part.write(temporary);
  const { bytes, sha256 } = await settleFile(temporary);
  const whole = await part.wholeBytes(temporary);
  if (bytes === 0 || bytes !== whole) throw new Error(`${bytes} of ${whole} bytes were written`);
  // Its hash is part of its name, so that a new file never takes the place of the one that the manifest names.
  const name = `${stem}.${sha256}.${part.ending}`;
  await renameDurably(temporary, path.join(folder, name));
  return { name, bytes, sha256 };
}

/** @returns proven files, null where there is no manifest, or what speaks against it. */
async function prove(
  folder: string,
  manifestFile: string,
  wanted: SideIdentity,
  lastSeq: number,
): Promise<ProvenFiles | string | null> {
  const text = await readFile(manifestFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const manifest = readManifest(text);
  if (!manifest) return 'the manifest is damaged';
  const doubt = doubtOf(manifest, wanted, lastSeq);
  if (doubt !== null) return doubt;
  const files: Record<string, string> = {};
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = path.join(folder, path.basename(name));
    if ((await stat(file)).size !== bytes) return `${name} has another size`;
    if ((await hashFile(file)) !== sha256) return `${name} is damaged`;
    files[path.extname(name).slice(1)] = file;
  }
  return { manifest, files };
}

async function read(manifestFile: string): Promise<Manifest | null> {
  return readManifest(await readFile(manifestFile, 'utf8').catch(() => ''));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

const structures: readonly SideIdentity['structure'][] = ['graph', 'rows'];
/** What `stemOf` gives. */
const ourStem = /^(?:graph|rows)-[0-9a-f]{16}\./;

/** Models are named by text that a file name cannot hold. */
function stemOf({ structure, kind, modelId }: { structure: string; kind: string; modelId: string }): string {
  const hash = createHash('sha256').update(`${kind} ${modelId}`).digest('hex');
  return `${structure}-${hash.slice(0, 16)}`;
}
