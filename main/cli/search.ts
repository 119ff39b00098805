// photoseek search TEXT: prints the photos that show it, best first.
import { maxQueryLength, type SearchMode } from '../../preload/contract/search.ts';
import { AppError } from '../platform/app-error.ts';
import type { CommandContext } from './command-context.ts';

export interface SearchOptions {
  readonly mode: SearchMode;
  readonly limit: number;
}

export async function search(
  { api, terminal, signal }: CommandContext,
  text: string,
  options: SearchOptions,
): Promise<void> {
  if (text.length > maxQueryLength) {
    throw new AppError(
      'input/invalid',
      `the sentence has ${text.length} characters; shorten it to at most ${maxQueryLength}`,
    );
  }
  const found = await api.search.find({ text, ...options }, { signal });
  const hits = found.hits.map(({ photoId: _id, ...hit }) => hit);
  terminal.result(
    {
      query: text,
      understood: found.query,
      mode: options.mode,
      hits,
      indexed: found.indexed,
      pending: found.pending,
      tookMs: found.tookMs,
    },
    () => [
      ...hits.map((hit, index) => {
        const caption = hit.caption === null ? '' : `  ${hit.caption}`;
        return `${String(index + 1).padStart(3)}  ${hit.score.toFixed(3)}  ${hit.path}${caption}`;
      }),
      ...(hits.length === 0 ? [nothingFound(found.indexed, found.pending)] : []),
      ...found.query.notes,
      ...(found.pending > 0 ? [`${found.pending} photos are not indexed yet: run photoseek add again`] : []),
    ],
  );
}

function nothingFound(indexed: number, pending: number): string {
  if (indexed === 0 && pending === 0) return 'The library is empty: add a folder with photoseek add FOLDER';
  if (indexed === 0) return 'No photo is indexed yet';
  return 'No photo matches these words';
}
