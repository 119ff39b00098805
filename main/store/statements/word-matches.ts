// Statements that tell which words of one photo's texts a question matched. Library thread.
import type { ReadDb } from '../open-database.ts';
import type { DocumentText } from './documents.ts';

/** Characters [from, to) of a text, UTF-16. */
export type Span = readonly [from: number, to: number];

/** One text of a photo with the words of it that matched. */
export interface MatchedText {
  readonly source: keyof DocumentText;
  readonly text: string;
  readonly spans: readonly Span[];
}

/** No text that a person or a model wrote has them; one that does all the same is shown without marks. */
const begin = '\u0002';
const end = '\u0003';

const marked = (['own', 'tags', 'generated', 'names'] as const)
  .map((column, i) => `highlight(document_words, ${i}, char(2), char(3)) AS ${column}`)
  .join(', ');

export const matchSql = {
  // A number that comes as a real one is no bound to FTS5, which then answers with every photo: hence the cast.
  /** The same weights as a search has, so that the score is that of the search. */
  match: `
    SELECT -bm25(document_words, 4.0, 2.0, 1.0, 0.5) AS score, ${marked}
    FROM document_words WHERE rowid = CAST(? AS INTEGER) AND document_words MATCH ?`,
};

/** What the index itself matched: its stems and beginnings of words are the search's by construction. */
export function wordMatches(db: ReadDb) {
  const match = db.prepare<[number, string], DocumentText & { score: number }>(matchSql.match);
  const plain = db.prepare<[number], DocumentText>(
    'SELECT own, tags, generated, names FROM documents WHERE photo_id = ?',
  );
  return {
    /** The texts that have any of the terms, and the BM25 of them together; 0 and none where there are no such. */
    of(photoId: number, terms: readonly string[]): { score: number; texts: MatchedText[] } {
      const found = terms.length === 0 ? undefined : match.get(photoId, terms.join(' OR '));
      const original = found && plain.get(photoId);
      if (!found || !original) return { score: 0, texts: [] };
      const texts = (['own', 'generated', 'tags', 'names'] as const).flatMap((source) =>
        original[source].includes(begin) || original[source].includes(end) ? [] : matchedLines(source, found[source]),
      );
      return { score: found.score, texts };
    },
  };
}

/** The parts of a column (captions, keywords) that have a mark. A line's marks never cross its end: no word does. */
function matchedLines(source: MatchedText['source'], text: string): MatchedText[] {
  return text.split(' \n').flatMap((line) => {
    const spans: Span[] = [];
    const [before = '', ...pieces] = line.split(begin);
    let plain = before;
    for (const piece of pieces) {
      const [word = '', rest = ''] = piece.split(end);
      spans.push([plain.length, plain.length + word.length]);
      plain += word + rest;
    }
    return spans.length > 0 ? [{ source, text: plain, spans }] : [];
  });
}
