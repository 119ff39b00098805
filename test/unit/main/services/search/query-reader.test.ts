// Typed texts are read at once with what is known by then: the library's own words and the gazetteer come when they come.
import { expect, it, vi } from 'vitest';
import type { Gazetteer, NamedPlace } from '../../../../../main/platform/gazetteer/gazetteer.ts';
import type { Vocabulary } from '../../../../../main/services/search/language/vocabulary.ts';
import { createQueryReader } from '../../../../../main/services/search/query-reader.ts';
import { sharedGazetteer } from '../../../../../main/services/search/shared-gazetteer.ts';

const vocabulary: Vocabulary = {
  cameras: [{ text: 'Canon EOS 5D', photos: 3 }],
  lenses: [],
  folders: [],
  keywords: [],
  places: [{ country: 'FR', region: 'FR.11', city: 'Paris', photos: 2 }],
};

const bergen: NamedPlace = {
  kind: 'city',
  name: 'Bergen',
  code: { country: 'NO', region: 'NO.46', city: 'Bergen' },
  point: { latitude: 60.39, longitude: 5.32 },
};

function setUp(timeZone = 'Europe/Paris') {
  let time = 0;
  const db = { vocabulary: vi.fn(async () => vocabulary) };
  const opened = {
    named: (name: string) => (name.toLowerCase() === 'bergen' ? [bergen] : []),
    parts: ({ code }: NamedPlace) => [code],
  } as unknown as Gazetteer;
  const open = vi.fn(async () => opened);
  const warn = vi.fn();
  const reader = createQueryReader({
    db,
    gazetteer: sharedGazetteer(1, open),
    clock: { now: () => time, after: () => () => undefined },
    log: { warn } as never,
    now: () => new Date(2024, 6, 15, 23, 59).getTime(),
    timeZone,
  });
  const kinds = (text: string) => reader.read(text).filters.map(({ kind }) => kind);
  return { reader, db, open, warn, kinds, later: (ms: number) => (time += ms) };
}

it('reads at once, and knows the cameras and places of the library as soon as they are read', async () => {
  const { reader, db, open, kinds } = setUp();
  expect(kinds('a dog taken with a canon')).toEqual([]);
  expect(reader.vocabulary()).toBeNull();
  await vi.waitFor(() => expect(reader.vocabulary()).toEqual(vocabulary));
  expect(kinds('a dog taken with a canon')).toEqual(['camera']);
  expect(kinds('a dog in paris')).toEqual(['place']);
  expect(kinds('a dog in bergen')).toEqual([]);
  expect([db.vocabulary.mock.calls.length, open.mock.calls.length]).toEqual([1, 0]);
  await reader.ready();
  expect(kinds('a dog in bergen')).toEqual(['place']);
});

it('waits for all that may matter where a text is read once', async () => {
  const { reader, open } = setUp();
  expect((await reader.readWhole('dogs')).texts).toEqual(['dogs']);
  expect(open).not.toHaveBeenCalled();
  expect((await reader.readWhole('dogs in bergen')).filters).toMatchObject([{ kind: 'place' }]);
});

it("reads the library's words again after a while, not with every key", async () => {
  const { reader, db, later } = setUp();
  await reader.ready();
  for (const text of ['d', 'do', 'dog']) reader.read(text);
  expect(db.vocabulary).toHaveBeenCalledTimes(1);
  later(30_000);
  for (const text of ['d', 'do', 'dog']) reader.read(text);
  await vi.waitFor(() => expect(db.vocabulary).toHaveBeenCalledTimes(2));
});

it('does without what cannot be read, and says so in the log', async () => {
  const { reader, db, open, warn, kinds } = setUp();
  db.vocabulary.mockRejectedValue(new Error('closed'));
  open.mockRejectedValue(new Error('no file'));
  await reader.ready();
  expect(kinds('dogs since 2019')).toEqual(['date']);
  expect(warn).toHaveBeenCalledTimes(2);
});

it('knows the day and the half of the world it is in', () => {
  const north = setUp().reader.read('yesterday').filters;
  expect(north).toMatchObject([{ kind: 'date', from: '2024-07-14', to: '2024-07-15' }]);
  const summer = (zone: string) => JSON.stringify(setUp(zone).reader.read('summer 2019').filters);
  expect(summer('Australia/Sydney')).not.toBe(summer('Europe/Oslo'));
});
