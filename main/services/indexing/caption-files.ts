// Captions files that need not be in the library, and stores nothing. Shell process.
import { resolve } from 'node:path';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import { withCrashesBlamed } from './crash-blame.ts';

export interface CaptionedFile {
  readonly path: string;
  readonly caption: string | null;
  readonly alternatives: string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

const filesPerCall = 4;
/** As for background work: decoding and models on a slow machine. */
const timeoutMsPerFile = 60_000;

export async function captionFiles(
  inference: InferencePool,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ captions: CaptionedFile[]; model: string }> {
  const pack = await inference.pack();
  const [lane] = inference.lanes;
  if (!lane) throw new Error('a pool has at least one lane');
  const captions: CaptionedFile[] = [];
  for (let start = 0; start < paths.length; start += filesPerCall) {
    throwIfCancelled(signal);
    const some = paths.slice(start, start + filesPerCall);
    const outcomes = await withCrashesBlamed(some, (batch) => {
      throwIfCancelled(signal);
      const photos = batch.map((path) => ({ ...captionOnly, path: resolve(path) }));
      return lane.analyse({ photos }, { signal, timeoutMs: timeoutMsPerFile * batch.length });
    });
    throwIfCancelled(signal);
    some.forEach((path, index) => {
      const outcome = outcomes[index];
      if (outcome === 'crashed' || !outcome) captions.push({ path, caption: null, alternatives: [], error: poison });
      else if (!outcome.ok) captions.push({ path, caption: null, alternatives: [], error: pick(outcome.error) });
      else {
        const [caption = null, ...alternatives] = outcome.value.captions;
        captions.push({ path, caption, alternatives, error: null });
      }
    });
  }
  return { captions, model: pack.captionModelId };
}

const captionOnly = { sha256: null, thumbnail: false, embedding: false, caption: true };

const poison = { code: 'decode/poison', message: 'the file ended the process that read it; it is damaged or hostile' };

function pick({ code, message }: { code: string; message: string }): { code: string; message: string } {
  return { code, message };
}
