// The gazetteer of a process: opened with the first need of it, and shared by all that ask. Shell process.
import type { Gazetteer } from '../../platform/gazetteer/gazetteer.ts';

export interface SharedGazetteer {
  /** Of what was looked up in it; another version is looked up again. */
  readonly version: number;
  /** Null until it is open. */
  opened(): Gazetteer | null;
  open(): Promise<Gazetteer>;
}

/** @param open takes about a second; asked for again only where it failed. */
export function sharedGazetteer(version: number, open: () => Promise<Gazetteer>): SharedGazetteer {
  let opened: Gazetteer | null = null;
  let opening: Promise<Gazetteer> | undefined;
  return {
    version,
    opened: () => opened,
    open() {
      opening ??= open().then(
        (gazetteer) => {
          opened = gazetteer;
          return gazetteer;
        },
        (error) => {
          opening = undefined;
          throw error;
        },
      );
      return opening;
    },
  };
}
