// photoseek status: what is indexed, pending and failed.
import type { CommandContext } from './command-context.ts';

const listedFailures = 100;
/** Kinds of banners that `modelProblem` says already. */
const ofModels: ReadonlySet<string> = new Set(['model', 'inference-stopped']);

export async function status({ api, terminal }: CommandContext): Promise<void> {
  const report = await api.library.status({ failureLimit: listedFailures });
  const { banners } = await api.shell.banners({});
  terminal.result(report, () => [
    `${report.photos} photos: ${report.indexed} indexed, ${report.pending} pending, ${report.failed} failed`,
    ...(report.modelProblem === null ? [] : [`PROBLEM: ${report.modelProblem}`]),
    ...banners.filter(({ kind }) => !ofModels.has(kind)).map(({ text }) => `PROBLEM: ${text}`),
    ...report.folders.map((folder) => {
      const missing = folder.missing > 0 ? `, ${folder.missing} missing` : '';
      return `  ${folder.path}: ${folder.files} files${missing} (${folder.state})`;
    }),
    ...report.failures.map((failure) => `  ${failure.path}: ${failure.message}`),
  ]);
}
