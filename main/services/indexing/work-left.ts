// How much there is to do, as the database knows it. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { StageVersion } from '../../library-db/library-rows.ts';

export interface WorkLeft {
  /** Photos with anything left, and files that may turn out to be one. */
  readonly photos: number;
  /** Stages left of them; a file of unknown content stands for those of a new photo. */
  readonly pieces: number;
  readonly unidentified: number;
}

/** Stages that a new photo has before it: looking at it and captioning it. */
export const piecesOfNewPhoto = 2;

export async function workLeft(db: Pick<LibraryDb, 'counts'>, wanted: readonly StageVersion[]): Promise<WorkLeft> {
  const { pending, unidentified, pendingByStage } = await db.counts({ wanted });
  const stages = pendingByStage.look + pendingByStage.caption + pendingByStage.own;
  return { photos: pending + unidentified, pieces: stages + piecesOfNewPhoto * unidentified, unidentified };
}
