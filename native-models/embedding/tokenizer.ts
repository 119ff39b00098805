// Text to token ids for the text towers, by the kept tokenizers library. Inference process.
import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { firstLine, ModelError } from '../errors.ts';

export interface TextTokenizer {
  /** Ids with the model's special tokens around them, at most `maxTokens` of them: words are cut, the special tokens stay. */
  encode(text: string): number[];
}

/** Longest text worth tokenising per token kept: no tokenizer here makes tokens of more characters on average. */
const charactersPerToken = 40;

/**
 * @param configPath settings beside the tokenizer, where its class needs them; most carry all in tokenizer.json.
 * @throws ModelError `model/load`
 */
export async function loadTokenizer(path: string, configPath?: string): Promise<Tokenizer> {
  try {
    const json: object = JSON.parse(await readFile(path, 'utf8'));
    const config: object = configPath === undefined ? {} : JSON.parse(await readFile(configPath, 'utf8'));
    return new Tokenizer(json, config);
  } catch (cause) {
    throw new ModelError('model/load', `A tokenizer of the pack cannot be read (${firstLine(cause)}).`, { cause });
  }
}

/** Adds the cut at `maxTokens` that the JavaScript library leaves to its caller. */
export function createTextTokenizer(tokenizer: Tokenizer, maxTokens: number): TextTokenizer {
  const suffix = countSuffix(tokenizer);
  return {
    encode(text) {
      const { ids } = tokenizer.encode(cutText(text, maxTokens * charactersPerToken));
      if (ids.length <= maxTokens) return ids;
      return [...ids.slice(0, maxTokens - suffix), ...ids.slice(ids.length - suffix)];
    },
  };
}

/** How many special tokens the tokenizer puts after the words: found by looking where the bare ids sit in the full ones. */
function countSuffix(tokenizer: Tokenizer): number {
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const full = tokenizer.encode('a').ids;
  for (let suffix = 0; suffix <= full.length - bare.length; suffix += 1) {
    const end = full.length - suffix;
    if (bare.every((id: number, i: number) => full[end - bare.length + i] === id)) return suffix;
  }
  return 0;
}

/** Cuts before a low surrogate would lose its pair. */
function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
