// The manifest of one side file: what it must be for the file to be believed, guarded by a checksum of its own. Pure; runs in the search process, and in the library thread for a check.
import { createHash } from 'node:crypto';
import type { VectorKind } from '../../library-db/library-rows.ts';

/** Raised whenever the layout of a side file or of its manifest changes. */
export const sideFormat = 1;

/** What is known before a file is opened; a file made under other facts is of no use. */
export interface SideIdentity {
  /** `graph`: an HNSW graph; `rows`: the int8 matrix. */
  readonly structure: 'graph' | 'rows';
  readonly kind: VectorKind;
  /** Pack and revision are part of it. */
  readonly modelId: string;
  readonly dim: number;
  /** Inner product of unit vectors, or rows that are multiplied as integers. */
  readonly metric: 'ip' | 'int8';
  /** Links of a node of the graph; 0 where there is none. */
  readonly links: number;
}

/** What a save adds. */
export interface SideState {
  /** Vectors that the files hold, those marked as gone included. */
  readonly count: number;
  /** Every change of the store's log up to here is in the files. */
  readonly appliedSeq: number;
  /** The photos that were changed last, newest first: where another history of the library would differ. */
  readonly latest: readonly number[];
}

export interface SideFile {
  /** In the manifest's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest extends SideIdentity, SideState {
  readonly format: number;
  readonly files: readonly SideFile[];
}

/** One line of JSON and the SHA-256 of that line. */
export function writeManifest(manifest: Manifest): string {
  const body = JSON.stringify(manifest);
  return `${body}\n${sha256Of(body)}\n`;
}

/** @returns null unless every byte is as `writeManifest` wrote it. */
export function readManifest(text: string): Manifest | null {
  const [body = '', sum = '', ...rest] = text.split('\n');
  if (rest.length !== 1 || rest[0] !== '' || sum !== sha256Of(body)) return null;
  return JSON.parse(body) as Manifest;
}

/** @returns what speaks against using files of this manifest for `wanted` over a library whose log has come to `lastSeq`; null where nothing does. */
export function doubtOf(manifest: Manifest, wanted: SideIdentity, lastSeq: number): string | null {
  if (manifest.format !== sideFormat) return `format ${manifest.format}`;
  for (const key of ['structure', 'kind', 'modelId', 'dim', 'metric', 'links'] as const)
    if (manifest[key] !== wanted[key]) return `${key} ${manifest[key]} in place of ${wanted[key]}`;
  if (manifest.appliedSeq > lastSeq) return `it knows change ${manifest.appliedSeq} of a library with ${lastSeq}`;
  return null;
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
