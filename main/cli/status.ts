// photoseek status: what is indexed, pending and failed.
import type { CommandContext } from './command-context.ts';

const listedFailures = 100;

export async function status({ api, terminal }: CommandContext): Promise<void> {
  const report = await api.library.status({ failureLimit: listedFailures });
  terminal.result(report, () => [
    `${report.photos} photos: ${report.indexed} indexed, ${report.pending} pending, ${report.failed} failed`,
    ...(report.modelProblem === null ? [] : [`PROBLEM: ${report.modelProblem}`]),
    ...report.folders.map((folder) => {
      const missing = folder.missing > 0 ? `, ${folder.missing} missing` : '';
      return `  ${folder.path}: ${folder.files} files${missing} (${folder.state})`;
    }),
    ...report.failures.map((failure) => `  ${failure.path}: ${failure.message}`),
  ]);
}
