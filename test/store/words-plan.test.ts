// Ranking by the rarer words alone: the same scores in the same order, for fewer photos.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting, writing } from '../../main/store/open-database.ts';
import { documentStatements } from '../../main/store/statements/documents.ts';
import { wordSearch } from '../../main/store/statements/word-search.ts';
import { rarePlan } from '../../main/store/words-plan.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

describe('rarePlan', () => {
  const sizes: Record<string, number> = { teal: 3, boat: 900, red: 1_500, dog: 40_000, two: 90_000 };
  const plan = (terms: string[], fewest: number) =>
    rarePlan(terms, { fewest, most: 1_000 }, (term) => Math.min(sizes[term] ?? 0, 1_000));

  it.each([
    [['two', 'teal', 'dog', 'boat'], 3, '(teal OR boat) AND (teal OR boat OR two OR dog OR two OR dog)', 0.5],
    [['two', 'teal', 'dog', 'boat'], 904, '(teal OR boat OR two) AND (teal OR boat OR two OR dog OR dog)', 0.5],
    [['two', 'teal'], 4, 'two OR teal', 1],
    [['red', 'boat'], 100, '(boat) AND (boat OR red OR red)', 0.5],
    [['two', 'dog'], 100, '(two) AND (two OR dog OR dog)', 0.5],
    [['nowhere'], 100, 'nowhere', 1],
  ])('of %j with at least %i texts', (terms, enough, match, scale) => {
    expect(plan(terms, enough)).toEqual({ match, scale });
  });
});

describe('wordSearch', () => {
  it('gives the photos it ranks the scores and the order they have among all', async () => {
    const db = openForWriting(path.join(temporaryFolder(), 'library.db'), Number.MAX_SAFE_INTEGER);
    await migrate(db, librarySteps, async () => undefined);
    const documents = documentStatements(db);
    const photo = db.prepare(
      'INSERT INTO photos (sha256, size_bytes, newest, added_at, present_files) VALUES (randomblob(32), 1, 1, 1, 1) RETURNING id',
    );
    writing(db, () => {
      for (let index = 0; index < 9_000; index++) {
        const photoId = photo.pluck().get() as number;
        const picked = [
          index % 2 ? 'two' : '',
          index % 3 ? 'dogs' : '',
          index % 9 ? '' : 'boat',
          index % 7 ? '' : 'red red',
        ];
        documents.put(photoId, {
          own: '',
          tags: '',
          generated: `some ${picked.join(' ')} ${'more '.repeat(index % 5)}`,
          names: '',
        });
      }
    });
    const words = wordSearch(db);
    const terms = ['"two"', '"dog"', '"boat"', '"red"'];
    const all = new Map(words.ranked(terms, 10_000, Number.POSITIVE_INFINITY).map((hit) => [hit.photoId, hit.score]));
    const ranked = words.ranked(terms, 100, 0);
    const best = [...all].slice(0, 100);
    db.close();
    expect(ranked).toHaveLength(100);
    for (const { photoId, score } of ranked) expect(score).toBeCloseTo(all.get(photoId) ?? Number.NaN, 10);
    expect(ranked.map((hit) => hit.photoId)).toEqual(best.map(([photoId]) => photoId));
  });
});
