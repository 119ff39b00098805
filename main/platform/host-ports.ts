// All that an edge (window, web host, command line, test) gives to the application it builds. Shell process.
import type { z } from 'zod';
import type { Capabilities, Place } from '../../preload/contract/shell.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';
import type { PlaceBook } from './place-book.ts';
import type { WorkerPort } from './worker-port.ts';

/** What a host can do for the person in front of it; the rest of `shell.capabilities` the application knows by itself. */
export type HostCapabilities = Pick<Capabilities, 'pickFolder' | 'reveal' | 'drag' | 'openAtLogin' | 'tray'>;

type PlaceView = z.infer<typeof Place>;

/** The folders below one, or the starting points; `here` and `parent` are null at the top. */
export interface PlaceListing {
  readonly here: PlaceView | null;
  readonly parent: PlaceView | null;
  readonly places: PlaceView[];
}

/** What a host with a window adds. A control whose means are missing answers `host/unsupported`. */
export interface WindowPorts {
  readonly capabilities: HostCapabilities;
  /** The ids that `pickFolder`, `listPlaces` and drops hand out. */
  readonly places: PlaceBook;
  /** Null where the host has no list of folders to look through. @throws AppError `fs/*` for a folder that cannot be listed. */
  readonly listPlaces: ((placeId: string | null) => Promise<PlaceListing>) | null;
  /** The system's folder dialog; answers null when it was closed without a choice. */
  readonly pickFolder: (() => Promise<PlaceView | null>) | null;
  /** Shows a file in the system's file manager. */
  readonly reveal: ((path: string) => Promise<void>) | null;
}

export interface HostPorts {
  /** Absolute path of the library's folder; created where missing. */
  readonly libraryFolder: string;
  /** Opens an existing library without becoming its owner and without creating anything. */
  readonly readOnly: boolean;
  /** Folders searched for model packs besides the shipped ones, first match wins; the first one takes downloaded packs. */
  readonly packFolders: readonly string[];
  /** The pack of a library in which none was chosen. */
  readonly packId: string;
  /** Folder that describes the packs to download; what came with the program by default. */
  readonly packOffers?: string;
  /** Inference children that may run at once, at least 1. */
  readonly inferenceWorkers: number;
  readonly spawnInference: () => WorkerPort;
  readonly spawnSearch: () => WorkerPort;
  readonly spawnWatcher: () => WorkerPort;
  readonly version: string;
  /** Folder of the photos that a newcomer may try; null where none came with this installation. */
  readonly samplePhotosFolder: string | null;
  /**
   * Set by a host that stays: it indexes in the background from its start on, sends events and serves a window. Null for a single command, which
   * indexes only when told to.
   */
  readonly window: WindowPorts | null;
  readonly clock: Clock;
  /**
   * Ends this process at once. Called when all else is closed and a thread hangs in a call to a drive, which no end of a process outruns. Absent where
   * whoever started the application sees to that.
   */
  endProcess?(): void;
  /** Called once the library's folder exists. */
  openLog(): Logger;
  /** Epoch milliseconds. */
  now(): number;
}
