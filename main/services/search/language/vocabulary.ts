// The words of a library's own: what its photos were taken with, where, and how the person calls things. Types only; shell process.

/** A text as the library has it, and how many present photos have it. */
export interface CountedWord {
  readonly text: string;
  readonly photos: number;
}

/** A place of present photos by the codes of the gazetteer; `region` is GeoNames admin1 as `FR.11`, null where unknown. */
export interface CountedPlace {
  readonly country: string;
  readonly region: string | null;
  readonly city: string | null;
  readonly photos: number;
}

/** Each list has the commonest first, and may be capped. */
export interface Vocabulary {
  /** Make and model in one text. */
  readonly cameras: readonly CountedWord[];
  readonly lenses: readonly CountedWord[];
  /** Names of folders, without the path before them. */
  readonly folders: readonly CountedWord[];
  readonly keywords: readonly CountedWord[];
  readonly places: readonly CountedPlace[];
}
