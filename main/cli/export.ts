// photoseek export [FILE]: the person's own captions, favourites, folders, settings and ignored failures as lines of JSON.
import { open } from 'node:fs/promises';
import { AppError } from '../platform/app-error.ts';
import type { CommandContext } from './command-context.ts';

/** Without a file, the lines are the result on stdout. An existing file is never written over. */
export async function exportOwn({ api, terminal }: CommandContext, file: string | undefined): Promise<void> {
  const { lines } = await api.care.exportOwn({});
  if (file === undefined) {
    terminal.result({ lines }, () => lines.trimEnd().split('\n'));
    return;
  }
  await writeNew(file, lines);
  // Neither the first nor the last line is of the data.
  const count = lines.trimEnd().split('\n').length - 2;
  terminal.result({ file, entries: count }, () => [`${count} entries written to ${file}`]);
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new AppError('input/invalid', `${file} is there already: name another file`);
    throw new AppError('fs/denied', `${file} cannot be written (${code ?? 'unknown reason'}): name another file`, {
      cause: error,
    });
  }
}
