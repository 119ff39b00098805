// What a person does with photos, each with its message and its undo. Renderer.
import type { AppConnection } from '../state/app-context.ts';
import { problemText } from '../state/newest-call.ts';
import type { ToastsState } from '../state/toasts.svelte.ts';
import { strings } from '../strings/strings.ts';

/** Of one request; the contract allows as many. */
const idsAtOnce = 10_000;
/** Paths are read one by one; more than a person pastes anywhere is no use. */
export const mostPaths = 1000;
const readAtOnce = 16;

export interface PhotoActions {
  setFavourite(photoIds: readonly number[], favourite: boolean): Promise<void>;
  /** Null takes the person's caption away. Resolves true where it was kept. */
  setCaption(photoId: number, text: string | null): Promise<boolean>;
  copyPaths(photoIds: readonly number[]): Promise<void>;
  reveal(photoId: number): Promise<void>;
}

/** @param copy puts text on the clipboard; rejects where the browser does not allow it. */
export function createPhotoActions(
  connection: AppConnection,
  toasts: ToastsState,
  copy: (text: string) => Promise<void> = (text) => navigator.clipboard.writeText(text),
): PhotoActions {
  const { library, shell } = connection.api;

  async function markAll(photoIds: readonly number[], favourite: boolean): Promise<number[]> {
    const changed: number[] = [];
    for (let at = 0; at < photoIds.length; at += idsAtOnce) {
      const answer = await library.setFavourite({ photoIds: photoIds.slice(at, at + idsAtOnce), favourite });
      changed.push(...answer.changed);
    }
    return changed;
  }

  async function pathsOf(photoIds: readonly number[]): Promise<string[]> {
    const paths: string[] = [];
    for (let at = 0; at < photoIds.length; at += readAtOnce) {
      const some = photoIds.slice(at, at + readAtOnce).map((photoId) => library.photo({ photoId }));
      for (const photo of await Promise.all(some)) paths.push(photo.path);
    }
    return paths;
  }

  const say = (error: unknown): void => toasts.say(problemText(error, strings.app.problem));

  return {
    async setFavourite(photoIds, favourite) {
      if (photoIds.length === 0) return;
      try {
        const changed = await markAll(photoIds, favourite);
        if (changed.length === 0) return toasts.say(strings.toasts.alreadyFavourite);
        const said = favourite ? strings.toasts.favourited : strings.toasts.unfavourited;
        toasts.say(said(changed.length), () => markAll(changed, !favourite));
      } catch (error) {
        say(error);
      }
    },
    async setCaption(photoId, text) {
      try {
        const { before } = await library.setCaption({ photoId, text });
        const said = text === null ? strings.toasts.captionReverted : strings.toasts.captionSaved;
        toasts.say(said, () => library.setCaption({ photoId, text: before }));
        return true;
      } catch (error) {
        say(error);
        return false;
      }
    },
    async copyPaths(photoIds) {
      if (photoIds.length === 0) return;
      if (photoIds.length > mostPaths) return toasts.say(strings.selection.tooMany(mostPaths));
      let paths: string[];
      try {
        paths = await pathsOf(photoIds);
      } catch (error) {
        return say(error);
      }
      try {
        await copy(paths.join('\n'));
        toasts.say(strings.toasts.copied(paths.length));
      } catch {
        toasts.say(strings.toasts.copyFailed);
      }
    },
    async reveal(photoId) {
      try {
        await shell.reveal({ photoId });
      } catch (error) {
        toasts.say(problemText(error, strings.toasts.revealFailed));
      }
    },
  };
}
