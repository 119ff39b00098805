// photoseek folders: how each folder stands; folders settle: what became of files that vanished in one go.
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FolderView } from '../../preload/contract/library.ts';
import { AppError } from '../platform/app-error.ts';
import type { CommandContext } from './command-context.ts';

export interface SettleOptions {
  readonly gone?: boolean;
  readonly keep?: boolean;
}

export async function folders({ api, terminal }: CommandContext): Promise<void> {
  const report = await api.library.folders({});
  terminal.result(report, () =>
    report.folders.length === 0 ? ['no folder is in the library yet'] : report.folders.flatMap(linesOf),
  );
}

/** @throws AppError `input/invalid` where not exactly one answer is given, or the folder is none of the library's. */
export async function settleFolder(
  { api, terminal }: CommandContext,
  path: string,
  { gone = false, keep = false }: SettleOptions,
): Promise<void> {
  if (gone === keep) {
    throw new AppError('input/invalid', 'say either --gone, for files you deleted, or --keep, for files that return');
  }
  // Folders are stored by real path; one that is away has none, and is known by the path it is asked by.
  const wanted = [resolve(path), await realpath(path).catch(() => '')];
  const known = await api.library.folders({});
  const folder = known.folders.find((one) => wanted.includes(one.path));
  if (!folder) throw new AppError('input/invalid', `${path} is no folder of the library; photoseek folders lists them`);
  const { files } = await api.library.settleVanished({ folderId: folder.folderId, gone });
  const count = files === 1 ? '1 file' : `${files} files`;
  terminal.result({ path: folder.path, gone, files }, () => [
    files === 0
      ? `${folder.path}: no files wait for an answer`
      : gone
        ? `${folder.path}: ${count} taken out; what you wrote about them is kept with their content`
        : `${folder.path}: ${count} kept until they return`,
  ]);
}

function linesOf({ path, photos, missing, failed, pending, vanished, state, problem }: FolderView): string[] {
  const counts = [
    photos === 1 ? '1 photo' : `${photos} photos`,
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return [
    `${path}: ${counts.join(', ')} (${state})`,
    ...(problem === null ? [] : [`  PROBLEM: ${problem}`]),
    ...(vanished === 0
      ? []
      : [
          `  ${vanished} vanished from it in one go. If you deleted them: photoseek folders settle "${path}" --gone; if not: --keep`,
        ]),
  ];
}
