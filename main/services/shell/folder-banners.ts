// What is said of folders that are away, empty, closed to us, or of which files vanished. Pure; shell process.
import type { z } from 'zod';
import type { Banner } from '../../../preload/contract/shell.ts';
import type { Conditions } from './conditions.ts';

type BannerView = z.infer<typeof Banner>;
type Folder = Conditions['folders'][number];

/** One banner for each thing that happened, however many folders it happened to. */
export function folderBanners(folders: readonly Folder[]): BannerView[] {
  const inState = (state: Folder['state']): Folder[] => folders.filter((folder) => folder.state === state);
  // Where the person has spoken of them, nothing more is asked.
  const emptied = inState('emptied').filter((folder) => folder.vanished > 0);
  return [
    vanished(folders.filter((folder) => folder.vanished > 0 && folder.state !== 'emptied')),
    emptied.length > 0 &&
      banner(
        'files-vanished',
        `${listed(emptied)} ${emptied.length === 1 ? 'is' : 'are'} there, but none of the photos that were in ${emptied.length === 1 ? 'it' : 'them'}. They stay in the library. If another disk is connected in the place of the right one, connect that; if you moved or deleted the photos, say so.`,
      ),
    offline(inState('offline')),
    ...inState('error').map(({ name, problem }) =>
      banner('folder-offline', `“${name}” cannot be read. ${problem ?? 'Its photos stay in the library.'}`),
    ),
  ].filter((one) => one !== false);
}

function vanished(folders: readonly Folder[]): BannerView | false {
  const [folder] = folders;
  if (!folder) return false;
  const count = folders.reduce((sum, one) => sum + one.vanished, 0);
  const photos = count === 1 ? '1 photo' : `${new Intl.NumberFormat('en-GB').format(count)} photos`;
  const where = folders.length === 1 ? `“${folder.name}”` : `${folders.length} folders`;
  return banner(
    'files-vanished',
    `${photos} in ${where} ${count === 1 ? 'is' : 'are'} gone from the disk. ${count === 1 ? 'It stays' : 'They stay'} in the library until you say what happened.`,
  );
}

function offline(folders: readonly Folder[]): BannerView | false {
  if (folders.length === 0) return false;
  const isOne = folders.length === 1;
  return banner(
    'folder-offline',
    `${listed(folders)} ${isOne ? 'is' : 'are'} not connected. ${isOne ? 'Its' : 'Their'} photos stay in the library and can be searched; connect the drive, or put the folder${isOne ? '' : 's'} back, to open them in full.`,
  );
}

function listed(folders: readonly Folder[]): string {
  return new Intl.ListFormat('en-GB').format(folders.map(({ name }) => `“${name}”`));
}

function banner(kind: BannerView['kind'], text: string): BannerView {
  return { kind, severity: 'warning', text, action: kind === 'files-vanished' ? 'answer-vanished' : 'open-folders' };
}
