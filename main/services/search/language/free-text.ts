// What is left of a text for the models, once its conditions are taken out. Shell process; pure.

/** Words that say nothing of what a photo shows, where they are all that is left. */
const fillers: ReadonlySet<string> = new Set(
  'photo photos picture pictures image images shots file files of the a an and or but in on at with from by to my our me all any show find taken shot made for that is are was were'.split(
    ' ',
  ),
);
const edges = /^[\s,;.|"\u201c\u201d\u201e\u00ab\u00bb]+|[\s,;|"\u201c\u201d\u201e\u00ab\u00bb]+$/gu;
const danglingJoin = /[\s,;]+(?:and|but|or)$/iu;

/** @param pieces as typed, in order, each followed by something that was taken out */
export function joinedText(pieces: readonly string[], wasCut: boolean): string {
  const cleaned = pieces
    .map((piece, i) => {
      const trimmed = piece.replace(edges, '');
      const isFollowed = i < pieces.length - 1 || wasCut;
      return isFollowed ? trimmed.replace(danglingJoin, '') : trimmed;
    })
    .filter((piece) => /[\p{L}\p{N}\p{So}]/u.test(piece));
  return cleaned.join(' ').replace(/\s+/gu, ' ');
}

export function isFillerOnly(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return words.length > 0 && words.every((word) => fillers.has(word));
}
