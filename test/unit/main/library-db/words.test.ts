// Words: any text is a question that is answered without an error, and the answer is in the order that a person would expect.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LibraryDb } from '../../../../main/library-db/library-db.ts';
import { nameWords } from '../../../../main/store/name-words.ts';
import { wordTerms } from '../../../../main/store/words-query.ts';
import { factsOf, fileNamed, identifyAll, libraryOf, resultOf, scan } from '../../../helpers/library-db.ts';

async function found(db: LibraryDb, text: string): Promise<readonly number[]> {
  return (await db.searchWords({ text, limit: 10 })).photoIds;
}

/** A library whose photos have these generated captions, and others that tell nothing. */
async function captioned(captions: readonly string[]) {
  const library = await libraryOf(Array.from({ length: captions.length + 8 }, (_, index) => `${index}.jpg`));
  const results = captions.map((caption, index) => resultOf(library.photoIds[index] ?? 0, caption));
  await library.db.completePhotos({ results, now: 1 });
  return library;
}

describe('searchWords', () => {
  it('counts any of the words, best first, with scores that fall', async () => {
    const { db, photoIds } = await captioned(['a brown dog', 'a brown dog in the snow', 'a boat']);
    const { photoIds: hits, scores } = await db.searchWords({ text: 'dogs playing in snow', limit: 10 });
    expect(hits).toEqual([photoIds[1], photoIds[0]]);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });

  it('takes words in any form, case and accent', async () => {
    const { db, photoIds } = await captioned(['two children running at a café']);
    for (const text of ['runs', 'CAFE', 'child children', 'Running'])
      expect(await found(db, text)).toEqual([photoIds[0]]);
  });

  it.each(['sno', 'snowb', 'runni', 'runn', 'playin', 'pla'])('takes "%s" as the beginning of a word', async (text) => {
    const { db, photoIds } = await captioned(['a snowboarder running and playing']);
    expect(await found(db, text)).toEqual([photoIds[0]]);
  });

  it('takes no word but the last as a beginning, and none of two letters', async () => {
    const { db } = await captioned(['a snowboarder']);
    expect([await found(db, 'snowb tree'), await found(db, 'sn'), await found(db, 'snowb, ')]).toEqual([[], [], []]);
  });

  it('lets small words count only where there are no others', async () => {
    const { db, photoIds } = await captioned(['a dog and a cat', 'with the']);
    expect([await found(db, 'the dog with the'), await found(db, 'with')]).toEqual([[photoIds[0]], [photoIds[1]]]);
  });

  it("weighs the person's words most, then tags, then generated captions, then names", async () => {
    const { db, folderId } = await libraryOf([]);
    const contents = [
      'harbour.jpg',
      'generated.jpg',
      'tagged.jpg',
      'own.jpg',
      'x1.jpg',
      'x2.jpg',
      'x3.jpg',
      'x4.jpg',
      'x5.jpg',
    ];
    await scan(
      db,
      folderId,
      contents.map((name, index) => fileNamed(name, { mtimeMs: 100 - index })),
    );
    const identified = await identifyAll(db, (filePath) =>
      factsOf(filePath, filePath.endsWith('tagged.jpg') ? { keywords: ['harbour'] } : {}),
    );
    const [name = 0, generated = 0, tagged = 0, own = 0] = identified.map((file) => file.photoId);
    await db.completePhotos({ results: [resultOf(generated, 'harbour')], now: 1 });
    await db.setOwnCaptions({ photoId: own, texts: ['harbour'], now: 1 });
    expect(await found(db, 'harbour')).toEqual([own, tagged, generated, name]);
  });

  it('finds file and folder names by their parts', async () => {
    const { db, photoIds } = await libraryOf(['2019-07 Brittany/IMG_1234 beachParty2.jpg', 'other.jpg']);
    for (const text of ['brittany', '2019', 'IMG_1234', '1234', 'party', 'beachparty2', 'brit']) {
      expect(await found(db, text)).toEqual([photoIds[0]]);
    }
    expect((await found(db, 'holiday')).length).toBe(2);
  });

  it('answers any text at all', async () => {
    const { db } = await captioned(['a dog', '一只狗', 'собака на снегу']);
    expect(await found(db, 'собаки снегу')).toHaveLength(1);
    expect(await found(db, '一只狗')).toHaveLength(1);
    const odd = [
      '"',
      "'",
      '*',
      'NEAR(a b)',
      'own: dog',
      'a AND',
      '^dog',
      '-dog',
      '(',
      '😀',
      '\u0000',
      '\ud800',
      'dog '.repeat(2_500),
      'x'.repeat(10_000),
    ];
    for (const text of odd) expect(Array.isArray(await found(db, text))).toBe(true);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: 'grapheme' }),
          fc
            .array(fc.constantFrom('dog', '"', '*', 'OR', 'NOT', '+', '{', ':', '\u0301', ' '))
            .map((parts) => parts.join('')),
        ),
        async (text) => {
          const { photoIds, scores } = await db.searchWords({ text, limit: 5 });
          expect(photoIds.length).toBe(scores.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds any caption by any of its words that tells something', async () => {
    const { db, photoIds } = await captioned([]);
    const [photoId = 0] = photoIds;
    const word = fc.stringMatching(/^[a-z]{3,10}$/).filter((text) => wordTerms(`${text} a`).includes(`"${text}"`));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), fc.nat(5), async (words, which) => {
        await db.completePhotos({ results: [resultOf(photoId, words.join(' '))], now: 1 });
        expect(await found(db, words[which % words.length] ?? '')).toContain(photoId);
      }),
      { numRuns: 100 },
    );
  });
});

describe('nameWords', () => {
  it.each([
    ['IMG_20190704_181500.jpg', 'img 20190704 181500'],
    ['beachParty.jpeg', 'beach party beachparty'],
    ['DSC0042.NEF', 'dsc 0042 dsc0042'],
    ["grand-mère's été 2019.png", 'grand mère s été 2019'],
    ['XMLHttpThing', 'xml http thing xmlhttpthing'],
    ['北京2008.jpg', '北京 2008 北京2008'],
    ['.jpg', ''],
  ])('%s', (name, words) => {
    expect(nameWords([name])).toBe(words);
  });
});
