// Keeps proved hashes and provider choices in one small file between runs. Inference process.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { firstLine } from '../errors.ts';
import type { ModelLogger } from '../logger.ts';
import { type ChoiceCache, providerOrder } from '../runtime/providers.ts';
import type { VerifiedFiles } from './verify.ts';

const Trial = z.object({ name: z.enum(providerOrder), accepted: z.boolean(), reason: z.string() });
const Facts = z.object({
  verified: z.record(
    z.string(),
    z.object({
      bytes: z.number(),
      mtimeMs: z.number(),
      ctimeMs: z.number(),
      provedAtMs: z.number(),
      sha256: z.string(),
    }),
  ),
  choices: z.record(
    z.string(),
    z.discriminatedUnion('state', [
      z.object({
        state: z.literal('chosen'),
        choice: z.object({ name: z.enum(providerOrder), reason: z.string(), tried: z.array(Trial) }),
      }),
      z.object({ state: z.literal('testing'), provider: z.enum(providerOrder), tried: z.array(Trial) }),
    ]),
  ),
});
type Facts = z.infer<typeof Facts>;

export interface RememberedFacts {
  verified: VerifiedFiles;
  providerChoices: ChoiceCache;
}

/**
 * The file is derived: a missing or unreadable one means that everything is checked again. Writes are rare, small, and on disk before
 * they return, so that a provider whose self-test ends the process is not tried again. Of two processes writing at once one may
 * lose its fact, and checks again next time.
 */
export function rememberFacts(path: string, logger: ModelLogger): RememberedFacts {
  function change(edit: (facts: Facts) => unknown): void {
    const facts = readFacts(path);
    edit(facts);
    try {
      writeDurably(path, JSON.stringify(facts));
    } catch (error) {
      logger.warn('model facts cannot be kept; they will be checked again', { reason: firstLine(error) });
    }
  }
  return {
    verified: {
      get: (file) => readFacts(path).verified[file],
      set: (file, fact) => change(({ verified }) => Object.assign(verified, { [file]: fact })),
    },
    providerChoices: {
      get: (key) => readFacts(path).choices[key],
      set: (key, choice) => change(({ choices }) => Object.assign(choices, { [key]: choice })),
    },
  };
}

function readFacts(path: string): Facts {
  try {
    return Facts.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { verified: {}, choices: {} };
  }
}

function writeDurably(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  const file = openSync(part, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
}
