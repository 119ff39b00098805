// Understands typed texts by what is known of the library's own words and of places, as far as that is read by then. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { Clock } from '../../platform/clock.ts';
import { folded } from '../../platform/folded-words.ts';
import type { Gazetteer } from '../../platform/gazetteer/gazetteer.ts';
import type { Logger } from '../../platform/log.ts';
import { parseQuery } from './language/parse-query.ts';
import { createPlaceNames, type PlaceNames } from './language/places/place-names.ts';
import type { Vocabulary } from './language/vocabulary.ts';
import type { ParsedQuery } from './parsed-query.ts';
import type { SharedGazetteer } from './shared-gazetteer.ts';

/** Words before the name of a place: without any of them, the places that the library has photos of are all that can be meant. */
const leadsToPlace = /\b(in|inside|at|from|near|around|to|within|of|place)\b/iu;

/** New cameras and places are known after so long. */
const freshMs = 30_000;

/** Zones of the southern half of the world, where people say summer and mean January. */
const southernZones =
  /^(Antarctica|Australia)\/|^Africa\/(Johannesburg|Harare|Windhoek|Maputo|Gaborone|Lusaka|Maseru|Mbabane)$|^Indian\/(Antananarivo|Mauritius|Reunion)$|^Pacific\/(Auckland|Chatham|Fiji|Noumea|Tongatapu|Apia|Tahiti|Port_Moresby)$|^America\/(Argentina\/|Buenos_Aires|Sao_Paulo|Santiago|Montevideo|Asuncion|La_Paz|Lima|Bahia|Fortaleza|Recife|Campo_Grande|Cuiaba)/;

export interface QueryReader {
  /** At once, with what is known now: a key that was pressed waits for nothing. */
  read(text: string): ParsedQuery;
  /** With all that there is to know, waited for: for a question that is asked once. */
  readWhole(text: string): Promise<ParsedQuery>;
  /** Resolves when all is known; what could not be read is done without. */
  ready(): Promise<void>;
  /** The library's own words as they were read last; null before. */
  vocabulary(): Vocabulary | null;
}

export function createQueryReader(parts: {
  readonly db: Pick<LibraryDb, 'vocabulary'>;
  readonly gazetteer: SharedGazetteer;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly timeZone?: string;
}): QueryReader {
  const { db, gazetteer, clock, log, now, timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone } = parts;
  const isSouthern = southernZones.test(timeZone);
  const names = rememberedNames();
  let vocabulary: Vocabulary | null = null;
  let cameras: readonly string[] = [];
  let reading: Promise<void> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  async function readWords(): Promise<void> {
    try {
      vocabulary = await db.vocabulary();
      cameras = vocabulary.cameras.map(({ text }) => folded(text));
    } catch (err) {
      log.warn({ area: 'search', err }, "the library's own words could not be read");
    }
    readAt = clock.now();
    reading = undefined;
  }

  function refresh(): Promise<void> {
    if (clock.now() - readAt < freshMs) return Promise.resolve();
    reading ??= readWords();
    return reading;
  }

  async function openGazetteer(): Promise<void> {
    await gazetteer.open().catch((err) => log.warn({ area: 'search', err }, 'the names of places could not be read'));
  }

  function read(text: string): ParsedQuery {
    void refresh();
    const places = names(vocabulary, gazetteer.opened());
    return parseQuery(text, { today: localDate(now()), isSouthern, places, cameras });
  }

  return {
    read,
    async readWhole(text) {
      await Promise.all([refresh(), leadsToPlace.test(text) ? openGazetteer() : undefined]);
      return read(text);
    },
    async ready() {
      await Promise.all([refresh(), openGazetteer()]);
    },
    vocabulary: () => vocabulary,
  };
}

/** Made anew only where more is known: with every key the same names are asked for. */
function rememberedNames(): (vocabulary: Vocabulary | null, gazetteer: Gazetteer | null) => PlaceNames {
  let last: { vocabulary: Vocabulary | null; gazetteer: Gazetteer | null; names: PlaceNames } | undefined;
  return (vocabulary, gazetteer) => {
    if (!last || last.vocabulary !== vocabulary || last.gazetteer !== gazetteer)
      last = { vocabulary, gazetteer, names: createPlaceNames(vocabulary?.places ?? null, gazetteer) };
    return last.names;
  };
}

/** `YYYY-MM-DD` of this machine's zone. */
function localDate(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
