// photoseek verify: looks at everything that is stored, and mends what is damaged.
import { AppError } from '../platform/app-error.ts';
import type { CommandContext } from './command-context.ts';

/** @throws AppError `store/corrupt` after the report where something could not be brought back or is still wrong: the exit code is 3 then. */
export async function verify({ api, terminal }: CommandContext): Promise<void> {
  const report = await api.care.verify({});
  const { checked, problems, repaired, lost, left } = report;
  terminal.result(report, () => [
    `checked ${checked.rows} rows, ${checked.vectors} vectors, ${checked.thumbnails} thumbnails`,
    ...problems.map((problem) => `FOUND: ${problem}`),
    ...repaired.map((done) => `MENDED: ${done}`),
    ...lost.map((gone) => `LOST: ${gone}`),
    ...left.map((wrong) => `STILL WRONG: ${wrong}`),
    ...(problems.length === 0 ? ['everything is as it was written'] : []),
    ...(repaired.length > 0
      ? ['what was dropped is made again by the next "photoseek add", or while Photoseek is open']
      : []),
  ]);
  if (lost.length + left.length > 0) {
    throw new AppError(
      'store/corrupt',
      'not all of it could be brought back; see the lines above, and "photoseek restore"',
    );
  }
}
