// States that need a person's attention, in words: what happened and what to do. The window, the command line and `doctor` say the same. Pure; shell process.
import type { z } from 'zod';
import type { Banner } from '../../../preload/contract/shell.ts';
import type { AppError } from '../../platform/app-error.ts';
import type { SupervisorState } from '../../platform/worker-lifecycle.ts';
import type { Conditions } from './conditions.ts';
import { folderBanners } from './folder-banners.ts';

type BannerView = z.infer<typeof Banner>;

export interface Condition extends Conditions {
  /** Another program owns the library, although this one would. */
  readonly isSecond: boolean;
  /** Why background work has stopped by itself. */
  readonly problem: AppError | null;
  readonly inference: readonly SupervisorState[];
}

/** The gravest first; empty when all is well. */
export function bannersOf(condition: Condition): BannerView[] {
  const { isSecond, problem, inference, restored, backupProblem, searchStopped, watching } = condition;
  const stopped = problem ?? gaveUp(inference);
  return [
    ...(restored ? [libraryRestored(restored)] : []),
    ...(stopped ? [bannerOf(stopped)] : []),
    ...(searchStopped ? [searchHasStopped] : []),
    ...(isSecond ? [secondProgram] : []),
    ...folderBanners(condition.folders),
    ...(watching ? [notWatched(watching)] : []),
    ...(backupProblem === null ? [] : [notBackedUp(backupProblem)]),
  ];
}

/** One process that gave up is made up for by the others; with all of them gone nothing is read or searched any more. */
function gaveUp(states: readonly SupervisorState[]): AppError | null {
  const errors = states.flatMap((state) => (state.name === 'degraded' ? [state.error] : []));
  const started = states.filter((state) => state.name !== 'idle');
  return errors.length > 0 && errors.length === started.length ? (errors[0] ?? null) : null;
}

const secondProgram: BannerView = {
  kind: 'second-program',
  severity: 'warning',
  text: 'Another Photoseek has this library open. You can look and search here; to add or change something, close the other one.',
  action: null,
};

const searchHasStopped: BannerView = {
  kind: 'inference-stopped',
  severity: 'warning',
  text: 'The part of Photoseek that compares pictures has stopped several times. Until it is started again, searches find matching words only.',
  action: 'restart-inference',
};

function libraryRestored({ backupAt, aside, isWhole, wasAsked }: NonNullable<Conditions['restored']>): BannerView {
  const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  const copy = backupAt === null ? null : `its copy of ${when.format(backupAt)}`;
  const anew = wasAsked
    ? 'The library was put back from the copy you chose'
    : 'The library was damaged, and a new one was begun';
  const happened = copy === null ? anew : `The library was put back from ${copy}`;
  const words = wasAsked
    ? 'What you wrote or marked after that copy was made is not in it.'
    : isWhole
      ? 'All that you had written and marked is there.'
      : 'The file was damaged: some of what you wrote or marked since then may be missing.';
  return {
    kind: 'library-restored',
    severity: 'warning',
    text: [
      `${happened}; your photos were never touched. ${words}`,
      ...(aside === null ? [] : [`The file before is kept as ${aside}.`]),
    ].join(' '),
    action: null,
  };
}

function notBackedUp(reason: string): BannerView {
  return {
    kind: 'backup-failed',
    severity: 'warning',
    text: `Today’s copy of the library could not be made. ${reason} Photoseek tries again by itself.`,
    action: null,
  };
}

function notWatched({ reason, everyMinutes }: NonNullable<Conditions['watching']>): BannerView {
  const after = everyMinutes === 60 ? 'every hour' : `every ${everyMinutes} minutes`;
  const what = `Photoseek looks through them ${after} instead; “Look for changes now” does it at once.`;
  return {
    kind: 'watch-limit',
    severity: 'warning',
    text:
      reason === 'limit'
        ? `This system does not let Photoseek watch all of your folders, so changes in some of them are not noticed at once. ${what} Raising fs.inotify.max_user_watches lifts the limit.`
        : `Some of your folders cannot be watched, so changes in them are not noticed at once. ${what}`,
    action: null,
  };
}

function bannerOf(error: AppError): BannerView {
  if (error.code.startsWith('model/'))
    return {
      kind: 'model',
      severity: 'error',
      text: `The models cannot be used: ${error.message}. Choose another model pack in the settings, or install this one again.`,
      action: 'open-settings',
    };
  if (error.code.startsWith('inference/'))
    return {
      kind: 'inference-stopped',
      severity: 'error',
      text: 'The part of Photoseek that reads photos has stopped. Your library is safe. Restart it to go on.',
      action: 'restart-inference',
    };
  if (error.code === 'store/disk-full')
    return {
      kind: 'disk-full',
      severity: 'error',
      text: 'The disk that holds the library is full or nearly so. Indexing waits, and nothing is lost: make room on the disk, and it goes on by itself.',
      action: 'retry',
    };
  if (error.code.startsWith('store/'))
    return {
      kind: 'store-read-only',
      severity: 'error',
      text: `The library cannot be written: ${error.message}`,
      action: 'retry',
    };
  return {
    kind: 'inference-stopped',
    severity: 'warning',
    text: `Indexing has stopped: ${error.message}. It is tried again by itself.`,
    action: 'retry',
  };
}
