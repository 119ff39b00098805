// What `doctor` says of an open pack. Inference process; pure.
import { type ModelKind, modelId, type Pack } from './pack.ts';
import { runtimeVersion } from './runtime/available-providers.ts';
import type { ProviderChoice } from './runtime/providers.ts';

export interface PackFacts {
  id: string;
  revision: string;
  pipelineVersion: number;
  title: string;
  licence: string;
  notice: string | null;
  folder: string;
  files: number;
  bytes: number;
  /** Sizes of vectors; null where the pack has no such model. */
  dims: { image: number; text: number; sentence: number | null };
  models: Record<ModelKind, string | null>;
  /** How captions are made; null where they are not. */
  captioner: string | null;
  provider: ProviderChoice;
  threads: number;
  runtime: string;
}

export interface PackFactsParts {
  folder: string;
  pack: Pack;
  choice: ProviderChoice;
  threads: number;
}

export function describePack({ folder, pack, choice, threads }: PackFactsParts): PackFacts {
  const id = (kind: ModelKind) => (hasModel(pack, kind) ? modelId(pack, kind) : null);
  return {
    id: pack.id,
    revision: pack.revision,
    pipelineVersion: pack.pipelineVersion,
    title: pack.title,
    licence: pack.licence,
    notice: pack.notice ?? null,
    folder,
    files: pack.files.length,
    bytes: pack.files.reduce((sum, file) => sum + file.bytes, 0),
    dims: { image: pack.image.dim, text: pack.text.dim, sentence: pack.sentence?.dim ?? null },
    models: { image: id('image'), text: id('text'), sentence: id('sentence'), caption: id('caption') },
    captioner: pack.captioner?.architecture ?? null,
    provider: choice,
    threads,
    runtime: runtimeVersion,
  };
}

/** Every pack embeds photos and texts; sentence vectors and captions are optional. */
export function hasModel(pack: Pack, kind: ModelKind): boolean {
  if (kind === 'sentence') return pack.sentence !== undefined;
  return kind === 'caption' ? pack.captioner !== undefined : true;
}
