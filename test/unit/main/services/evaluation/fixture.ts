// Captions written for these tests, and what the Python package makes of them (see test/fixtures/captions/expected.py).
import { readFileSync } from 'node:fs';

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../fixtures/captions/${name}`, import.meta.url), 'utf8')) as T;
}

export const captions = load<{ photo: string; candidate: string; references: string[] }[]>('captions.json');
export const sentences = load<string[]>('sentences.json');
export const expected = load<{
  scores: Record<'bleu1' | 'bleu2' | 'bleu3' | 'bleu4' | 'rougeL' | 'ciderD', number>;
  candidates: Record<string, string>;
  references: Record<string, string[]>;
  sentences: string[];
}>('expected.json');
