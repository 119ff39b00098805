// Decides which captions of an evaluation the person is taken to have written, and which ones ask. Pure; runs where evaluation runs.
import { AppError } from '../../platform/app-error.ts';
import { hashText } from './seeded-random.ts';

/** A sentence to search with, and the file name of the photo it should find. */
export interface CaptionQuery {
  photo: string;
  text: string;
}

export interface OwnCaptionOptions {
  /** How many captions of a chosen photo are stored, from the first; 0 for none. */
  perPhoto: number;
  /** Share of the photos chosen, 0 to 1. */
  share: number;
}

export interface OwnCaptions {
  /** Captions to store as the person's own; only photos that have some. */
  own: Map<string, string[]>;
  /** Everything else, in file order. */
  queries: CaptionQuery[];
}

/**
 * A photo is chosen by the hash of its file name alone: the choice is the same on every run and machine, does not depend on the order
 * or number of the other photos, and a larger share contains the smaller one. The share is therefore met on average, not exactly.
 * A chosen photo with no caption beyond the stored ones asks nothing, but stays in the pool. `perPhoto` 0 or `share` 0 stores nothing.
 *
 * @throws AppError `input/invalid` for a count that is not a whole number from 0, or a share outside 0 to 1.
 */
export function splitOwnCaptions(
  captions: ReadonlyMap<string, readonly string[]>,
  options: OwnCaptionOptions,
): OwnCaptions {
  const { perPhoto, share } = options;
  if (!Number.isSafeInteger(perPhoto) || perPhoto < 0) {
    throw new AppError('input/invalid', 'The number of own captions must be a whole number, 0 or more.');
  }
  if (!(share >= 0 && share <= 1)) {
    throw new AppError('input/invalid', 'The share of photos with own captions must lie between 0 and 1.');
  }
  const own = new Map<string, string[]>();
  const queries: CaptionQuery[] = [];
  for (const [photo, texts] of captions) {
    const stored = isChosen(photo, share) ? perPhoto : 0;
    if (stored > 0) own.set(photo, texts.slice(0, stored));
    for (const text of texts.slice(stored)) queries.push({ photo, text });
  }
  return { own, queries };
}

function isChosen(photo: string, share: number): boolean {
  return hashText(photo) / 2 ** 32 < share;
}
