// Looks for what cannot be fulfilled in a query, so that the person is told before nothing is found. Shell process; pure.
import type { Filter } from '../parsed-query.ts';

type Of<K extends Filter['kind']> = Extract<Filter, { kind: K }>;

/** In words for the person; each oddity once. */
export function contradictions(filters: readonly Filter[]): string[] {
  const notes = new Set<string>();
  for (const [i, a] of filters.entries()) {
    for (const b of filters.slice(i + 1)) {
      const note = contradiction(a, b);
      if (note) notes.add(note);
    }
    if (a.kind === 'date' && !a.not && a.from !== null && a.to !== null && a.from >= a.to)
      notes.add('These dates end before they begin, so no photo has them.');
  }
  return [...notes];
}

function contradiction(a: Filter, b: Filter): string | null {
  if (a.not !== b.not) {
    const isSame = JSON.stringify({ ...a, not: false }) === JSON.stringify({ ...b, not: false });
    return isSame ? 'The same is asked for and left out, so no photo has both.' : null;
  }
  if (a.not) return null;
  if (a.kind === 'date' && b.kind === 'date' && !datesMeet(a, b))
    return 'No photo is of both dates; put OR between them for either.';
  if (a.kind === 'orientation' && b.kind === 'orientation' && a.orientation !== b.orientation)
    return `No photo is both ${a.orientation} and ${b.orientation}; put OR between them for either.`;
  if (a.kind === 'type' && b.kind === 'type' && !a.types.some((type) => b.types.includes(type)))
    return `No file is both ${a.types.join(' or ')} and ${b.types.join(' or ')}; put OR between them for either.`;
  if (a.kind === 'rating' && b.kind === 'rating' && (a.least > b.most || b.least > a.most))
    return 'No photo has both numbers of stars; put OR between them for either.';
  if (a.kind === 'place' && b.kind === 'place' && !placesMeet(a, b))
    return 'No photo was taken in both places; put OR between them for either.';
  return null;
}

function datesMeet(a: Of<'date'>, b: Of<'date'>): boolean {
  const from = [a.from, b.from]
    .filter((day) => day !== null)
    .sort()
    .at(-1);
  const to = [a.to, b.to].filter((day) => day !== null).sort()[0];
  return from === undefined || to === undefined || from < to;
}

function placesMeet(a: Of<'place'>, b: Of<'place'>): boolean {
  const agrees = (x: string | undefined, y: string | undefined): boolean =>
    x === undefined || y === undefined || x === y;
  return a.places.some((one) =>
    b.places.some(
      (other) => one.country === other.country && agrees(one.region, other.region) && agrees(one.city, other.city),
    ),
  );
}
