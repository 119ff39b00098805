// Handlers of the settings domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { HandlerParts } from './handler-parts.ts';

export function settingsHandlers({ settings }: HandlerParts): PhotosHandlers['settings'] {
  return {
    get: () => settings.get(),
    // Zod marks what was left out as possibly undefined; what is not there is not changed.
    set: (input) => settings.set(withoutUndefined(input)),
  };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
