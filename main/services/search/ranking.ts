// Orders photos by score, always in the same way. Pure; shell process.

/** Indexes best first: by score, equal scores by photo id; NaN scores are left out. */
export function rankOrder(photoIds: readonly number[], scores: ArrayLike<number>): number[] {
  const order: number[] = [];
  for (let i = 0; i < photoIds.length; i++) if (!Number.isNaN(scores[i])) order.push(i);
  return order.sort(
    (a, b) => (scores[b] as number) - (scores[a] as number) || (photoIds[a] as number) - (photoIds[b] as number),
  );
}

/** Place of each photo, 1 first; null where its score is NaN. */
export function rankPositions(photoIds: readonly number[], scores: ArrayLike<number>): (number | null)[] {
  const positions: (number | null)[] = photoIds.map(() => null);
  for (const [place, i] of rankOrder(photoIds, scores).entries()) positions[i] = place + 1;
  return positions;
}
