// A text cut into pieces that match and pieces that do not. Renderer; pure.

export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** @param spans [from, to) in UTF-16 units, ascending, apart; what lies outside of the text is left out. */
export function piecesOf(text: string, spans: readonly (readonly [number, number])[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (from < at || to <= from || to > text.length) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), marked: false });
    pieces.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}
