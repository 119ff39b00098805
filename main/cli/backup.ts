// photoseek backup: a proven copy of the library, now.
import type { CommandContext } from './command-context.ts';

export async function backup({ api, terminal }: CommandContext): Promise<void> {
  const taken = await api.care.backUp({});
  terminal.result(taken, () => [`backed up to ${taken.file} (${taken.sizeMb} MB); every row of the copy was checked`]);
}
