// What typed texts are read as: denial, OR, quotes, keys, plain words of the photo, notes.
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../../../main/services/search/language/parse-query.ts';
import { createPlaceNames } from '../../../../../../main/services/search/language/places/place-names.ts';
import { knowledge } from './knowledge.ts';

const parse = (text: string) => parseQuery(text, knowledge);
const filtersOf = (text: string) => parse(text).filters;

describe('free text', () => {
  it.each([
    'two dogs playing in the snow',
    '  a man in a red shirt, smiling ',
    '犬が雪の中で遊んでいる',
    'собака в снегу',
    'كلب في الثلج',
    'καφές, 2 φλιτζάνια',
    'a 5" x 7" print',
    'foo:bar http://example.org/x 12:30',
    'C++ & C#',
    'ratio 16:9',
    '😀',
  ])('is left as it is: %s', (text) => {
    expect(parse(text)).toEqual({ texts: [text.trim()], without: [], filters: [], chips: [], notes: [] });
  });

  it('is nothing where there is none', () => {
    expect(parse('')).toEqual({ texts: [], without: [], filters: [], chips: [], notes: [] });
    expect(parse(' \n ').texts).toEqual([]);
  });

  it('loses only what was understood', () => {
    expect(parse('the photos from 2019').texts).toEqual([]);
    expect(parse('red car, 2019, at night.').texts).toEqual(['red car at night.']);
  });
});

describe('denial', () => {
  it.each([
    ['beach without people', ['beach'], ['people']],
    ['beach with no people at sunset', ['beach at sunset'], ['people']],
    ['a dog but not a brown dog', ['a dog'], ['brown dog']],
    ['street -cars -people', ['street'], ['cars', 'people']],
    ['street without people or cars', ['street'], ['people', 'cars']],
    ['room without a black and white dog', ['room'], ['black and white dog']],
    ['man not wearing a hat', ['man'], ['wearing a hat']],
    ['a street with nobody', ['a street'], ['people']],
    ['no people', [], ['people']],
    ['dogs without', ['dogs without'], []],
    ['a no parking sign', ['a no parking sign'], []],
    ['track no 5', ['track no 5'], []],
    ['not only dogs', ['not only dogs'], []],
    ['-20 degrees', ['-20 degrees'], []],
    ['well-known t-shirt', ['well-known t-shirt'], []],
  ])('of %s', (text, texts, without) => {
    expect(parse(text)).toMatchObject({ texts, without });
  });

  it('turns a condition round', () => {
    expect(filtersOf('dogs not in france')).toEqual([{ kind: 'place', not: true, places: [{ country: 'FR' }] }]);
    expect(filtersOf('-type:png')).toEqual([{ kind: 'type', not: true, types: ['png'] }]);
    expect(filtersOf('-"golden gate"')).toEqual([{ kind: 'phrase', not: true, text: 'golden gate' }]);
    expect(filtersOf('without a caption')).toEqual([{ kind: 'caption', not: true, of: 'anyone' }]);
    expect(filtersOf('no favourites')).toEqual([{ kind: 'favourite', not: true }]);
  });
});

describe('OR', () => {
  it('has a text for each side', () => {
    expect(parse('dogs OR cats in snow').texts).toEqual(['dogs', 'cats in snow']);
    expect(parse('dogs | cats').texts).toEqual(['dogs', 'cats']);
    expect(parse('a cat or a dog').texts).toEqual(['a cat or a dog']);
  });

  it('is between conditions where several sides have some', () => {
    const [either] = filtersOf('2018 OR 2019');
    expect(either).toMatchObject({ kind: 'any', of: [[{ from: '2018-01-01' }], [{ from: '2019-01-01' }]] });
    expect(filtersOf('2018 or 2019')).toEqual([either]);
    expect(parse('dogs OR cats 2019')).toMatchObject({ texts: ['dogs', 'cats'], filters: [{ kind: 'date' }] });
  });

  it('at an end is passed over', () => {
    expect(parse('OR dogs OR')).toMatchObject({ texts: ['dogs'], filters: [] });
  });
});

describe('conditions', () => {
  it.each([
    ['"Golden Gate"', { kind: 'phrase', text: 'Golden Gate' }],
    ['“Golden Gate”', { kind: 'phrase', text: 'Golden Gate' }],
    ['camera:"Nikon D750"', { kind: 'camera', words: ['nikon', 'd750'] }],
    ['shot on iphone', { kind: 'camera', words: ['iphone'] }],
    ['taken with my Nikon D750', { kind: 'camera', words: ['nikon', 'd750'] }],
    ['lens:50mm', { kind: 'lens', words: ['50mm'] }],
    ['with a 24-70 mm lens', { kind: 'lens', words: ['24-70mm'] }],
    ['folder:Holidays', { kind: 'folder', text: 'Holidays' }],
    ['in the folder "Old scans"', { kind: 'folder', text: 'Old scans' }],
    ['type:jpg', { kind: 'type', types: ['jpeg'] }],
    ['type:png,gif', { kind: 'type', types: ['png', 'gif'] }],
    ['png files', { kind: 'type', types: ['png'] }],
    ['orientation:portrait', { kind: 'orientation', orientation: 'portrait' }],
    ['landscape orientation', { kind: 'orientation', orientation: 'landscape' }],
    ['vertical photos', { kind: 'orientation', orientation: 'portrait' }],
    ['rating:4', { kind: 'rating', least: 4, most: 4 }],
    ['rating:>=4', { kind: 'rating', least: 4, most: 5 }],
    ['rating:<3', { kind: 'rating', least: 0, most: 2 }],
    ['rating:2..4', { kind: 'rating', least: 2, most: 4 }],
    ['4 stars', { kind: 'rating', least: 4, most: 4 }],
    ['4+ stars', { kind: 'rating', least: 4, most: 5 }],
    ['at least three stars', { kind: 'rating', least: 3, most: 5 }],
    ['3 to 5 stars', { kind: 'rating', least: 3, most: 5 }],
    ['two stars or more', { kind: 'rating', least: 2, most: 5 }],
    ['unrated', { kind: 'rating', least: 0, most: 0 }],
    ['my favourites', { kind: 'favourite' }],
    ['is:favorite', { kind: 'favourite' }],
    ['has:caption', { kind: 'caption', of: 'anyone' }],
    ['captioned by me', { kind: 'caption', of: 'person' }],
    ['date:..2014', { kind: 'date', from: null, to: '2015-01-01' }],
    ['date:2015-02..', { kind: 'date', from: '2015-02-01', to: null }],
    ['date:12-24..01-02', { kind: 'yearly', from: '12-24', to: '01-02' }],
    ['date:"summer 2019"', { kind: 'date', from: '2019-06-01', to: '2019-09-01' }],
    [
      'place:FR.11/Paris|DE',
      { kind: 'place', places: [{ country: 'FR', region: 'FR.11', city: 'Paris' }, { country: 'DE' }] },
    ],
    ['near:48.5,2,10km', { kind: 'near', points: [{ latitude: 48.5, longitude: 2 }], radiusKm: 10 }],
  ])('%s', (text, filter) => {
    expect(parse(text)).toMatchObject({ texts: [], filters: [{ not: false, ...filter }], notes: [] });
  });

  it.each([
    'my favourite dog',
    'a mountain landscape',
    'portrait photos of a woman',
    'a 5 star hotel',
    'a 50 mm screw',
    'camera on a table',
  ])('are not seen in: %s', (text) => expect(parse(text)).toMatchObject({ texts: [text], filters: [] }));

  it('that are still being typed ask for nothing yet', () => {
    expect(parse('dogs camera:')).toMatchObject({ texts: ['dogs'], filters: [], notes: [] });
  });

  it('say which way the seasons go', () => {
    const [summer] = parseQuery('summer 2019', { ...knowledge, isSouthern: true }).filters;
    expect(summer).toMatchObject({ from: '2019-12-01', to: '2020-03-01' });
  });
});

describe('places of the library', () => {
  it('come before others, and need no preposition', () => {
    const paris = [{ country: 'FR', region: 'FR.11', city: 'Paris' }];
    expect(filtersOf('in paris')).toEqual([{ kind: 'place', not: false, places: paris }]);
    expect(filtersOf('paris at night')).toEqual([{ kind: 'place', not: false, places: paris }]);
    expect(filtersOf('london at night')).toEqual([]);
    expect(filtersOf('in paris, texas')).toMatchObject([{ places: [{ region: 'US.TX' }] }]);
    expect(filtersOf('in london or paris')).toMatchObject([{ places: [{ city: 'London' }, ...paris] }]);
  });

  it('make a place of a word that is something else elsewhere', () => {
    expect(filtersOf('in orange')).toEqual([]);
    const orange = [{ country: 'FR', region: 'FR.93', city: 'Orange', photos: 1 }];
    expect(parseQuery('in orange', { ...knowledge, places: createPlaceNames(orange, null) }).filters).toHaveLength(1);
  });

  it('are words where no photo says where it was taken', () => {
    const nowhere = { ...knowledge, places: createPlaceNames([], null) };
    const query = parseQuery('dogs in France', nowhere);
    expect(query).toMatchObject({ texts: ['dogs in France'], filters: [] });
    expect(query.notes).toEqual(['No photo here says where it was taken, so “in France” is searched as words.']);
  });
});

describe('notes', () => {
  it.each([
    ['dogs 30 february 2019', 'There is no 30 February. It is searched as words.'],
    ['29 february 2019', 'There is no 29 February in 2019. It is searched as words.'],
    ['date:2019-13-01', 'There is no month 13. It is searched as words.'],
    ['date:soon', '“soon” is no date that can be read. It is searched as words.'],
    ['date:2019..2015', '“2019..2015” ends before it begins. It is searched as words.'],
    [
      'type:heic',
      '“heic” is no file type that is read here; there are jpeg, png, webp, tiff, gif, avif. It is searched as words.',
    ],
    ['place:nowhere', 'No place called “nowhere” is known. It is searched as words.'],
    ['2018 2019', 'No photo is of both dates; put OR between them for either.'],
    ['after 2019 before 2015', 'No photo is of both dates; put OR between them for either.'],
    ['in france -place:france', 'The same is asked for and left out, so no photo has both.'],
    [
      'orientation:portrait orientation:square',
      'No photo is both portrait and square; put OR between them for either.',
    ],
    ['type:png type:gif', 'No file is both png and gif; put OR between them for either.'],
    ['in london in france', 'No photo was taken in both places; put OR between them for either.'],
    ['-people', 'This says only what is not to be seen; say also what is.'],
    ['the of and', 'These words say nothing of what a photo shows.'],
  ])('on %s', (text, note) => {
    expect(parse(text).notes).toEqual([note]);
  });
});

describe('chips', () => {
  it('stand where they were typed', () => {
    const text = 'dogs  in Paris, last summer without people "x y"';
    const { chips } = parse(text);
    expect(chips.map(({ kind, label, from, to }) => [kind, label, text.slice(from, to)])).toEqual([
      ['place', 'Paris', 'in Paris'],
      ['date', 'last summer', 'last summer'],
      ['without', 'without people', 'without people'],
      ['phrase', '“x y”', '"x y"'],
    ]);
  });

  it('say what a date in numbers was taken for', () => {
    expect(parse('04/07/2019').chips[0]?.label).toBe('4 July 2019');
  });
});
