// photoseek restore: puts a copy of the library in its place.
import { resolve } from 'node:path';
import type { CommandContext } from './command-context.ts';

export interface RestoreOptions {
  readonly from?: string;
}

export async function restore({ api, terminal }: CommandContext, { from }: RestoreOptions): Promise<void> {
  const { restored } = await api.care.restore({ from: from === undefined ? null : resolve(from) });
  terminal.result(restored, () => [
    `the library is as it was ${restored.backupAt === null ? `in ${restored.backup}` : `on ${new Date(restored.backupAt).toLocaleString('en-GB')}`}`,
    ...(restored.aside === null ? [] : [`the file it replaced is kept as ${restored.aside} in the library's folder`]),
    'photoseek add (or opening Photoseek) finds what has changed in your folders since then',
  ]);
}
