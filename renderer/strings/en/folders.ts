// What a person reads of folders, of files that vanished from them and of files that could not be read, in English. Renderer.
import { formatCount as n } from '../format.ts';
import { photos } from './counts.ts';

export const folders = {
  list: 'Folders',
  add: 'Add folder',
  none: 'No folders yet',
  photos,
  manage: (name: string): string => `Manage folder ${name}`,
  vanished: (count: number): string => `${n(count)} gone`,
  askVanished: 'What happened?',
  askVanishedOf: (name: string): string => `What happened to the photos of ${name}?`,
  states: {
    ready: 'Up to date',
    scanning: 'Reading…',
    offline: 'Not connected',
    emptied: 'Photos not there',
    error: 'Problem',
  },
  failed: (count: number): string => `${n(count)} not readable`,
  missing: (count: number): string => `${n(count)} missing`,
  pending: (count: number): string => `${n(count)} to do`,
  rescan: 'Look for changes now',
  exclude: 'Leave out…',
  remove: 'Remove from library…',
  removeTitle: (name: string): string => `Remove “${name}” from the library?`,
  removeText:
    'The photos stay on your disk, exactly as they are. Captions you wrote are kept and come back if you add the folder again.',
  removeAction: 'Remove from library',
  excludeTitle: (name: string): string => `Leave out of “${name}”`,
  excludeText:
    'One pattern a line, as in .gitignore. What matches is not read and not shown; the files stay where they are.',
  excludeBox: 'Patterns to leave out',
  excludeExample: 'Screenshots/\n*.png\nexport-*',
  excludeSave: 'Save',
  excludeTooMany: 'At most 100 patterns of 500 characters each.',
  browserTitle: 'Choose a folder',
  browserText: 'Photoseek reads the photos in it and in every folder below. Nothing is moved or changed.',
  browserList: 'Folders here',
  startingPoints: 'Places',
  up: 'Up',
  open: (name: string): string => `Open ${name}`,
  empty: 'No folders in here',
  addThis: (name: string): string => `Add “${name}”`,
  addNone: 'Open a folder to add it',
  notAddable: 'This place is too wide to add as a whole. Open a folder in it.',
  loading: 'Reading folders…',
};

export const vanished = {
  title: (count: number, name: string): string =>
    `${photos(count)} in “${name}” ${count === 1 ? 'is' : 'are'} gone from the disk`,
  titleEmptied: (name: string): string => `The photos of “${name}” are not there`,
  ask: (count: number): string =>
    `Did you delete or move ${count === 1 ? 'it' : 'them'}? Until you say so, nothing leaves the library.`,
  askEmptied:
    'The folder is there, but none of the photos that were in it. Another disk may be connected in its place: then connect the right one, and all is well again. Or did you delete or move them?',
  keep: (count: number): string => (count === 1 ? 'Keep it' : 'Keep them'),
  keepMeans: (count: number): string =>
    count === 1
      ? 'It stays in the library with its caption, and is whole again once its file returns. Right if a disk or a network folder is to blame, or if you are not sure.'
      : 'They stay in the library with their captions, and are whole again once their files return. Right if a disk or a network folder is to blame, or if you are not sure.',
  gone: (count: number): string => (count === 1 ? 'It is gone' : 'They are gone'),
  goneMeans: (count: number): string =>
    count === 1
      ? 'It leaves the gallery and the search. What you wrote about it is kept, and is there again should the photo come back.'
      : 'They leave the gallery and the search. What you wrote about them is kept, and is there again should the photos come back.',
  later: 'Decide later',
};

export const failures = {
  title: 'Files that could not be read',
  open: (count: number): string => (count === 1 ? '1 not readable' : `${n(count)} not readable`),
  list: 'Files that could not be read',
  none: 'Every file could be read.',
  text: 'These files are in your folders, but Photoseek could not show them. They are untouched.',
  retry: 'Try again',
  retryAll: 'Try all again',
  retryOf: (name: string): string => `Try again: ${name}`,
  ignore: 'Ignore',
  ignoreOf: (name: string): string => `Ignore: ${name}`,
  ignoreAll: 'Ignore all',
  more: (count: number): string => `and ${n(count)} more`,
  reasons: {
    'decode/unsupported': 'Photoseek cannot read this format',
    'decode/corrupt': 'The file is damaged',
    'decode/too-large': 'The picture is too large',
    'decode/empty': 'The file is empty',
    'decode/poison': 'Reading it stopped the reader twice',
    'fs/missing': 'The file is gone',
    'fs/denied': 'Photoseek may not open the file',
    'fs/offline': 'Its drive is not connected',
    'fs/unreadable': 'The disk could not read it',
    'fs/changed': 'It changed while it was read',
    'fs/too-large': 'The file is too large',
    'fs/not-a-file': 'It is not a file',
  } as Readonly<Record<string, string>>,
  otherReason: 'It could not be read',
};
