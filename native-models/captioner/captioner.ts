// What every captioner architecture looks like to the pack. Inference process.
import type { Tokenizer } from '@huggingface/tokenizers';
import type { CaptionerSpec } from '../pack.ts';
import type { TensorValue } from '../runtime/tensors.ts';
import { type BeamOptions, beamSearch, type Step } from './beam-search.ts';

export interface Caption {
  text: string;
  /** Length-normalised log probability, at most 0: comparable between captions of one pack. */
  score: number;
}

/** Input: what the architecture reads of a batch of photos, batch dimension first. Output: captions per photo, the likeliest first. */
export type CaptionPhotos = (photos: TensorValue) => Promise<Caption[][]>;

/** The search settings of a pack's captioner; unknown words, padding and a second beginning are never written. */
export function beamOptions(spec: CaptionerSpec): BeamOptions {
  const banned = [spec.padId, spec.bosId, spec.unkId].filter((id) => id !== undefined && id !== spec.eosId) as number[];
  const isFlorence = spec.architecture === 'florence2';
  return {
    beams: spec.beams,
    vocab: spec.vocab,
    bosId: isFlorence ? spec.decoderStartId : spec.bosId,
    eosId: spec.eosId,
    bannedIds: banned,
    neverLastIds: spec.neverLastIds,
    maxTokens: spec.maxTokens,
    lengthPenalty: spec.lengthPenalty,
    noRepeatNgram: spec.noRepeatNgram,
    forcedFirstId: isFlorence ? spec.forcedFirstId : undefined,
  };
}

/** Searches, then writes every hypothesis as text; equal texts count once, so fewer than `beams` may come back. */
export async function searchCaptions(
  photos: number,
  spec: CaptionerSpec,
  tokenizer: Tokenizer,
  step: Step,
): Promise<Caption[][]> {
  const found = await beamSearch(photos, beamOptions(spec), step);
  return found.map((hypotheses) => {
    const captions: Caption[] = [];
    for (const { tokens, score } of hypotheses) {
      const text = tokens.length === 0 ? '' : tokenizer.decode(tokens, { skip_special_tokens: true }).trim();
      if (text !== '' && captions.every((other) => other.text !== text)) captions.push({ text, score });
    }
    return captions;
  });
}
