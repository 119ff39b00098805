// Two equal questions at once are one question to whoever answers them.
import { expect, it } from 'vitest';
import type { LibraryDb } from '../../../../../main/library-db/library-db.ts';
import { sharedAnswers } from '../../../../../main/services/search/shared-answers.ts';

const sharedWords = (db: Pick<LibraryDb, 'searchWords'>): LibraryDb['searchWords'] =>
  sharedAnswers(({ text, limit }) => `${limit} ${text}`, db.searchWords);

it('asks once for what is asked twice at the same time, and anew afterwards', async () => {
  const open: ((id: number) => void)[] = [];
  const search = sharedWords({
    searchWords: () => new Promise((resolve) => open.push((id) => resolve({ photoIds: [id], scores: [1] }))),
  });
  const first = search({ text: 'dog', limit: 9 });
  const same = search({ text: 'dog', limit: 9 });
  const others = [search({ text: 'dog', limit: 8 }), search({ text: 'dogs', limit: 9 })];
  expect(open).toHaveLength(3);
  for (const [i, answer] of open.entries()) answer(i);
  expect((await same).photoIds).toEqual((await first).photoIds);
  expect((await Promise.all(others)).map(({ photoIds }) => photoIds)).toEqual([[1], [2]]);
  const later = search({ text: 'dog', limit: 9 });
  open[3]?.(7);
  expect((await later).photoIds).toEqual([7]);
});

it('does not remember a failure', async () => {
  let fails = true;
  const search = sharedWords({
    async searchWords() {
      if (fails) throw new Error('the library is busy');
      return { photoIds: [], scores: [] };
    },
  });
  await expect(search({ text: 'dog', limit: 9 })).rejects.toThrow('busy');
  fails = false;
  await expect(search({ text: 'dog', limit: 9 })).resolves.toEqual({ photoIds: [], scores: [] });
});
