// photoseek evaluate: measures retrieval and captions on a labelled folder.
import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import type { CommandContext } from './command-context.ts';
import { progressLine } from './progress-line.ts';

export interface EvaluateOptions {
  readonly images: string;
  readonly captions: string;
  readonly report?: string;
  readonly limit?: number;
  readonly ownCaptions?: number;
  readonly ownShare?: number;
}

const progressEveryMs = 250;

export async function evaluate({ api, terminal, signal }: CommandContext, options: EvaluateOptions): Promise<void> {
  // Measuring takes minutes; a report that could not be written must be said before.
  if (options.report !== undefined) await refuseUnwritable(options.report);
  const timer = setInterval(() => {
    void api.indexing
      .progress({})
      .then((progress) => terminal.progress(progressLine(progress) || 'asking every caption'));
  }, progressEveryMs);
  try {
    const { report: file, ...rest } = options;
    const { result, reportHtml } = await api.evaluation.run({ ...rest, report: file !== undefined }, { signal });
    if (file !== undefined && reportHtml !== null) await saveReport(file, reportHtml);
    terminal.result(result, () => {
      const modes = Object.entries(result.retrieval).map(([mode, { p1, p5, p10, medianRank, mrr }]) => {
        const figures = [p1, p5, p10].map((value) => value.toFixed(1).padStart(6)).join('');
        return `${mode.padEnd(10)}${figures}   median rank ${medianRank ?? '-'}, MRR ${mrr.toFixed(3)}`;
      });
      const { captions, queryMs, indexing } = result;
      return [
        `${result.photos} photos, ${result.queries} queries, pack ${result.pack}`,
        `${''.padEnd(10)}   P@1   P@5  P@10`,
        ...modes,
        `captions  BLEU-1..4 ${captions.bleu1.toFixed(3)} ${captions.bleu2.toFixed(3)} ${captions.bleu3.toFixed(3)} ${captions.bleu4.toFixed(3)}, ROUGE-L ${captions.rougeL.toFixed(3)}, CIDEr-D ${captions.ciderD.toFixed(3)}, ${(captions.distinctShare * 100).toFixed(1)} % distinct`,
        `query     p50 ${queryMs.p50} ms, p95 ${queryMs.p95} ms`,
        `indexing  ${indexing.photosPerSecond} photos/s, ${indexing.cpuMsPerPhoto} CPU-ms a photo`,
        ...(file === undefined ? [] : [`report    ${file}`]),
      ];
    });
  } finally {
    clearInterval(timer);
    terminal.endProgress();
  }
}

async function saveReport(file: string, html: string): Promise<void> {
  try {
    await writeFile(file, html);
  } catch (error) {
    throw unwritable(file, error);
  }
}

async function refuseUnwritable(file: string): Promise<void> {
  try {
    await access(dirname(resolve(file)), constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, cause: unknown): AppError {
  return new AppError('fs/denied', `the report cannot be written to ${file}; name another file`, { cause });
}
