// What a typed query asks for, once it has been understood: the words for the models and the conditions for the library. Types only; shell process.

/** A condition that every hit fulfils, or none does where `not`. All conditions of a query hold together. */
export type Filter = { readonly not: boolean } & (
  | {
      /** Taken within [from, to): local dates as `YYYY-MM-DD`, null where open. */
      readonly kind: 'date';
      readonly from: string | null;
      readonly to: string | null;
    }
  | {
      /** Taken on these days of any year, `MM-DD`, both included; from later than to goes over New Year. */
      readonly kind: 'yearly';
      readonly from: string;
      readonly to: string;
    }
  | {
      /** Taken at one of these places: any whose given codes all agree. `country` ISO 3166-1 alpha-2, `region` GeoNames admin1 as `FR.11`, `city` as in the gazetteer. */
      readonly kind: 'place';
      readonly places: readonly { readonly country: string; readonly region?: string; readonly city?: string }[];
    }
  | {
      /** Taken within so many kilometres of one of these points, degrees. */
      readonly kind: 'near';
      readonly points: readonly { readonly latitude: number; readonly longitude: number }[];
      readonly radiusKm: number;
    }
  /** Make or model, or lens, holds each of the words, in any case. */
  | { readonly kind: 'camera' | 'lens'; readonly words: readonly string[] }
  /** A folder of its path, or its name, holds the words in this order. */
  | { readonly kind: 'folder'; readonly text: string }
  /** Format of the file. */
  | { readonly kind: 'type'; readonly types: readonly ('jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif')[] }
  | { readonly kind: 'orientation'; readonly orientation: 'landscape' | 'portrait' | 'square' }
  /** Stars, 0 to 5; a photo without any has 0. */
  | { readonly kind: 'rating'; readonly least: number; readonly most: number }
  | { readonly kind: 'favourite' }
  /** It has a caption, of anyone or of the person. */
  | { readonly kind: 'caption'; readonly of: 'anyone' | 'person' }
  /** Its captions, names or keywords hold these words in this order. */
  | { readonly kind: 'phrase'; readonly text: string }
  /** Every condition of at least one of these groups holds: what OR joins, and feasts whose day moves from year to year. No group is empty. */
  | { readonly kind: 'any'; readonly of: readonly (readonly Filter[])[] }
);

/** A part of the query as shown: what it was understood as, and where it stands in the typed text, so that taking it out is an edit of the text. */
export interface Chip {
  /** Of a filter its kind, else `without` for negated free text, `like` for a photo. */
  readonly kind: Filter['kind'] | 'without' | 'like';
  /** In the person's language: "summer 2019", "without people". */
  readonly label: string;
  readonly not: boolean;
  /** UTF-16 offsets of the typed text, [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface ParsedQuery {
  /** What the photo shows, one text for each side of OR; a photo is as good as the better of them. Empty where the query has conditions alone. */
  readonly texts: readonly string[];
  /** What it does not show: free text after "without", "no", "not" or a minus. */
  readonly without: readonly string[];
  readonly filters: readonly Filter[];
  readonly chips: readonly Chip[];
  /** What is odd of it, in words for the person: an impossible date, a condition that contradicts another. */
  readonly notes: readonly string[];
}
