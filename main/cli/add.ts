// photoseek add FOLDER...: registers folders and indexes them until nothing is left.
import type { CommandContext } from './command-context.ts';
import { duration, progressLine } from './progress-line.ts';

/** A progress line four times a second is smooth and costs nothing. */
const progressEveryMs = 250;
const listedFailures = 20;
/** Kinds of banners that whoever adds photos has to know of. */
const told: ReadonlySet<string> = new Set(['library-restored', 'files-vanished']);

export async function add({ api, terminal, signal }: CommandContext, paths: readonly string[]): Promise<void> {
  const { folders } = await api.library.addFolders({ paths: [...paths] });
  const timer = setInterval(() => {
    void api.indexing.progress({}).then((progress) => terminal.progress(progressLine(progress)));
  }, progressEveryMs);
  try {
    const outcome = await api.indexing.run({ folderIds: folders.map((folder) => folder.id) }, { signal });
    const { photos, failures, seconds } = outcome;
    terminal.result(outcome, () => [
      `${photos.found} photos found: ${photos.indexed} indexed, ${photos.unchanged} unchanged, ${photos.failed} failed, in ${duration(seconds)}`,
      ...failures.slice(0, listedFailures).map((failure) => `  ${failure.path}: ${failure.message}`),
      ...(failures.length > listedFailures
        ? [`  and ${failures.length - listedFailures} more: photoseek status shows them`]
        : []),
    ]);
    const { banners } = await api.shell.banners({});
    for (const { kind, text } of banners) if (told.has(kind)) terminal.note(text);
  } finally {
    clearInterval(timer);
    terminal.endProgress();
  }
}
