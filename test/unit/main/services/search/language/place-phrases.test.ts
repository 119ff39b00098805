// The places of the table of phrases, read with the real gazetteer.
import { expect, it } from 'vitest';
import { openGazetteer } from '../../../../../../main/platform/gazetteer/open-gazetteer.ts';
import { createPlaceNames } from '../../../../../../main/services/search/language/places/place-names.ts';
import { type Phrase, places, placesWithPhotos, today } from './date-place-phrases.ts';
import { readAs } from './read-as.ts';

const gazetteer = await openGazetteer();
const counted = placesWithPhotos.map((code) => {
  const [region = '', city = ''] = code.split('/');
  return { country: region.slice(0, 2), region, city, photos: 3 };
});
const knowledge = { today, isSouthern: false, places: createPlaceNames(counted, gazetteer), cameras: [] };

it.each(places.map((phrase) => [phrase[0], phrase] as const))('reads "%s"', (typed, phrase: Phrase) => {
  expect(readAs(typed, knowledge)).toEqual(phrase);
});
