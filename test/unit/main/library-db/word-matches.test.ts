// Which words of a photo a question matched: those of the search itself, with its score.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libraryOf, resultOf } from '../../../helpers/library-db.ts';

/** Words of a library's texts and of its questions, in several forms and scripts. */
const someWords = [
  'dog',
  'dogs',
  'running',
  'runs',
  'runn',
  'café',
  'CAFE',
  'the',
  'snow',
  'sno',
  '"',
  '海',
  'été',
  '\u0002',
];

async function libraryWith(captions: readonly string[]) {
  const library = await libraryOf(['holiday/IMG_0001.jpg', 'b.jpg']);
  const [photoId = 0, otherId = 0] = library.photoIds;
  await library.db.completePhotos({ results: [resultOf(otherId, 'a boat on a lake')], now: 1 });
  const result = resultOf(photoId, captions[0] ?? '');
  await library.db.completePhotos({
    results: [{ ...result, captions: { model: 'tiny@1/caption', texts: captions } }],
    now: 1,
  });
  return { db: library.db, photoId, otherId };
}

describe('wordMatches', () => {
  it('marks what the index matched: other endings, accents and an unfinished last word', async () => {
    const { db, photoId } = await libraryWith(['two dogs running at a café', 'a snowboarder']);
    await db.setOwnCaptions({ photoId, texts: ['Hector the Dog'], now: 2 });
    const { texts } = await db.wordMatches({ text: 'the dog runs to cafe snowb', photoId });
    const marked = texts.map(({ source, text, spans }) => [source, spans.map(([from, to]) => text.slice(from, to))]);
    expect(marked).toEqual([
      ['own', ['Dog']],
      ['generated', ['dogs', 'running', 'café']],
      ['generated', ['snowboarder']],
    ]);
  });

  it('knows names, and nothing of a photo without the words or that is not there', async () => {
    const { db, photoId, otherId } = await libraryWith(['a dog']);
    const [named = 0] = (await db.searchWords({ text: 'holidays', limit: 1 })).photoIds;
    expect(await db.wordMatches({ text: 'holidays', photoId: named })).toMatchObject({
      texts: [{ source: 'names', text: 'holiday img 0001', spans: [[0, 7]] }],
    });
    expect((await db.wordMatches({ text: 'boats', photoId: otherId })).score).toBeGreaterThan(0);
    for (const id of [photoId, 999])
      expect(await db.wordMatches({ text: 'boats', photoId: id })).toEqual({ score: 0, texts: [] });
    expect(await db.wordMatches({ text: ' ', photoId })).toEqual({ score: 0, texts: [] });
  });

  it('scores and finds exactly what a search finds, whatever is typed', async () => {
    const words = fc.array(fc.constantFrom(...someWords), { minLength: 1, maxLength: 5 });
    const { db, photoId } = await libraryWith(['x']);
    await fc.assert(
      fc.asyncProperty(words, words, async (written, asked) => {
        await db.setOwnCaptions({ photoId, texts: [written.join(' ')], now: 3 });
        const text = asked.join(' ');
        const hits = await db.searchWords({ text, limit: 5 });
        const found = hits.scores[hits.photoIds.indexOf(photoId)] ?? 0;
        const { score, texts } = await db.wordMatches({ text, photoId });
        expect(score).toBeCloseTo(found, 6);
        if (!written.includes('\u0002')) expect(texts.length > 0).toBe(found > 0);
        for (const { text: line, spans } of texts) {
          expect(spans.length).toBeGreaterThan(0);
          for (const [from, to] of spans) expect(0 <= from && from < to && to <= line.length).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
