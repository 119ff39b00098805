// Cuts a typed text into words, quoted parts and signs, each with its place in the text. Shell process; pure.
import { folded } from '../../../platform/folded-words.ts';

export interface Token {
  /** `quoted`: what stands between quotation marks. `sign`: a comma, a bar, a mark without a partner. */
  readonly kind: 'word' | 'quoted' | 'sign';
  /** Without quotation marks, a leading minus, and the full stop of a sentence. */
  readonly text: string;
  /** Lower case without accents, straight apostrophes. */
  readonly folded: string;
  /** A minus stands before it. */
  readonly minus: boolean;
  /** UTF-16 offsets of the typed text, marks included, the full stop of a sentence not. */
  readonly from: number;
  readonly to: number;
}

const quotes = '"\u201c\u201d\u201e\u00ab\u00bb';
/** A key with its value is one word, however the value is quoted; then quoted parts, which begin after a space: 5" are inches; signs; words. */
const pattern = new RegExp(
  `-?[a-z]+:[${quotes}][^${quotes}]*[${quotes}][^\\s${quotes}]*|(?<=^|[\\s,;|(])-?[${quotes}][^${quotes}]*[${quotes}]|[,;|${quotes}]|-?[a-z]+:[^\\s${quotes}]*|[^\\s,;|${quotes}]+`,
  'giu',
);
/** A value may end in full stops (`2015..`), a key without one in its colon. */
const keyedEnd = /[,;]+$/u;
/** A word of full stops alone stays one. */
const sentenceEnd = /[.!?\u2026:)\]]+$/u;

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) tokens.push(tokenOf(match[0], match.index));
  return tokens;
}

function tokenOf(raw: string, from: number): Token {
  const minus = raw.length > 1 && raw.startsWith('-');
  const body = minus ? raw.slice(1) : raw;
  const isQuoted = body.length > 1 && quotes.includes(body.charAt(0));
  if (isQuoted) return token('quoted', body.slice(1, -1).trim(), minus, from, from + raw.length);
  if (body.length === 1 && (quotes.includes(body) || ',;|'.includes(body)))
    return token('sign', body, minus, from, from + raw.length);
  const ended = body.replace(/^[a-z]+:/iu.test(body) ? keyedEnd : sentenceEnd, '') || body;
  return token('word', ended, minus, from, from + raw.length - (body.length - ended.length));
}

function token(kind: Token['kind'], text: string, minus: boolean, from: number, to: number): Token {
  return { kind, text, folded: folded(text).replace(/[\u2018\u2019\u00b4`]/gu, "'"), minus, from, to };
}
