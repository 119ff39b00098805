// Scores put together from remembered terms are those of one statement over all of them, whatever was written meanwhile.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForReading, openForWriting, type WriteDb, writing } from '../../main/store/open-database.ts';
import { documentStatements } from '../../main/store/statements/documents.ts';
import { wordSearch } from '../../main/store/statements/word-search.ts';
import { type TermStatements, termScoring } from '../../main/store/term-scores.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

const vocabulary = ['dog', 'dogs', 'running', 'beach', 'red', 'boat', 'lake', 'snow'];
const file = (): string => path.join(temporaryFolder(), 'library.db');

async function filled(count: number, to: string): Promise<{ db: WriteDb; write(photoId: number, text: string): void }> {
  const db = openForWriting(to, Number.MAX_SAFE_INTEGER);
  await migrate(db, librarySteps, async () => undefined);
  const documents = documentStatements(db);
  const photo = db
    .prepare<[], number>(
      'INSERT INTO photos (sha256, size_bytes, newest, added_at, present_files) VALUES (randomblob(32), 1, 1, 1, 1) RETURNING id',
    )
    .pluck();
  const write = (photoId: number, text: string): void =>
    writing(db, () => documents.put(photoId, { own: '', tags: '', generated: text, names: '' }));
  for (let index = 0; index < count; index++) {
    const words = vocabulary.filter((_, i) => (index * 7 + i * i) % (i + 2) === 0);
    write(photo.get() as number, `${words.join(' ')} ${'and more '.repeat(index % 4)}`);
  }
  return { db, write };
}

describe('termScoring', () => {
  it('gives the order and the scores of one statement over all terms', async () => {
    const { db } = await filled(120, file());
    const { search, ranked } = wordSearch(db);
    const term = fc.constantFrom(...vocabulary.map((word) => `"${word}"`), '"do"*', '"bo"*', '"nowhere"');
    fc.assert(
      fc.property(fc.uniqueArray(term, { maxLength: 6 }), fc.integer({ min: 1, max: 150 }), (terms, limit) => {
        const found = search(terms, limit);
        const truth = ranked(terms, limit);
        expect(found).toHaveLength(truth.length);
        const scoreOf = new Map(ranked(terms, 1_000).map(({ photoId, score }) => [photoId, score]));
        for (const [i, { photoId, score }] of found.entries()) {
          expect(score).toBeCloseTo(scoreOf.get(photoId) ?? Number.NaN, 9);
          expect(score).toBeCloseTo(truth[i]?.score ?? Number.NaN, 9);
        }
      }),
    );
    db.close();
  });

  it('passes over words that are everywhere, which hardly count, and asks for the photos that have nothing else', async () => {
    const { db } = await filled(120, file());
    const { search, ranked } = wordSearch(db, 20);
    const size = db
      .prepare<[string], number>('SELECT count(*) FROM document_words WHERE document_words MATCH ?')
      .pluck();
    const [everywhere, common, rare] = ['"dog"', '"beach"', '"red"'];
    expect([everywhere, common, rare].map((term) => size.get(term) as number)).toEqual([80, 24, 20]);
    for (const [terms, limit] of [
      [[everywhere, rare], 15],
      [[everywhere, rare], 100],
      [[everywhere], 10],
      [[everywhere, common], 10],
    ] as const) {
      const [found, truth] = [search(terms, limit), ranked(terms, limit)];
      expect(found).toHaveLength(truth.length);
      for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(truth[i]?.score ?? Number.NaN, 4);
    }
  });

  it('sees what was written since, by its own connection or another', async () => {
    const to = file();
    const { db, write } = await filled(20, to);
    const reader = openForReading(to);
    const searches = [wordSearch(db), wordSearch(reader)];
    const hits = (): number[][] => searches.map(({ search }) => search(['"zebra"'], 10).map(({ photoId }) => photoId));
    expect(hits()).toEqual([[], []]);
    write(7, 'a zebra');
    expect(hits()).toEqual([[7], [7]]);
    write(7, 'a horse');
    write(3, 'a zebra');
    expect(hits()).toEqual([[3], [3]]);
    reader.close();
    db.close();
  });

  it('asks for each term once, leaves a common one to the caller, and forgets the oldest first', async () => {
    const { db } = await filled(1, file());
    const asked: string[] = [];
    const statements: TermStatements = {
      texts: () => 1_000_000,
      sizeOf: (term, most) => Math.min(term.length * 30_000, most),
      scoresOf(term) {
        asked.push(term);
        return Array.from({ length: term.length * 30_000 }, (_, i) => [i, 1]);
      },
    };
    const search = termScoring(db, statements, 200_000);
    expect(search(['a'], 2)).toEqual([
      { photoId: 0, score: 1 },
      { photoId: 1, score: 1 },
    ]);
    expect(search(['a', 'bb'], 1)).toEqual([{ photoId: 0, score: 2 }]);
    expect(asked).toEqual(['a', 'bb']);
    expect(search(['a', 'too common'], 1)).toBeNull();
    expect(asked).toEqual(['a', 'bb']);
    // 30,000 + 60,000 + 180,000 texts are more than are kept.
    search(['cccccc'], 1);
    search(['bb'], 1);
    search(['a'], 1);
    expect(asked).toEqual(['a', 'bb', 'cccccc', 'bb', 'a']);
    db.close();
  });

  it('finds nothing for nothing', async () => {
    const { db } = await filled(3, file());
    expect(wordSearch(db).search([], 5)).toEqual([]);
    db.close();
  });
});
