// Picks the pack to open among those found, and says clearly why where there is none. Inference child.
import { basename } from 'node:path';
import { AppError } from '../platform/app-error.ts';

/** @param refused packs of which even the manifest could not be read, with the reason. @throws AppError `model/*` */
export function choosePack<Found extends { readonly pack: { readonly id: string } }>(
  wantedId: string,
  found: readonly Found[],
  refused: readonly { readonly folder: string; readonly error: Error }[],
): Found {
  const chosen = found.find((candidate) => candidate.pack.id === wantedId);
  if (chosen) return chosen;
  // A pack lies in a folder of its id; another pack's broken manifest is not why this one is missing.
  const broken = refused.find(({ folder }) => basename(folder) === wantedId);
  if (broken) throw broken.error;
  const ids = found.map((candidate) => candidate.pack.id).join(', ') || 'none';
  throw new AppError(
    'model/missing',
    `model pack "${wantedId}" is not installed (found: ${ids}); use one that is in the settings, or set PHOTOSEEK_PACK where none was chosen`,
  );
}

/** A pack replaced on disk must not join children that work with the old files: both would write under one name. @throws AppError `model/manifest` */
export function refuseOtherRevision(
  pack: { readonly id: string; readonly revision: string },
  wanted: string | undefined,
): void {
  if (wanted === undefined || pack.revision === wanted) return;
  throw new AppError('model/manifest', `model pack "${pack.id}" was replaced on disk; start Photoseek again to use it`);
}
