// All that an edge (window, web host, command line, test) gives to the application it builds. Shell process.
import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';
import type { WorkerPort } from './worker-port.ts';

export interface HostPorts {
  /** Absolute path of the library's folder; created where missing. */
  readonly libraryFolder: string;
  /** Opens an existing library without becoming its owner and without creating anything. */
  readonly readOnly: boolean;
  /** Folders searched for model packs besides the shipped ones, first match wins. */
  readonly packFolders: readonly string[];
  readonly packId: string;
  /** Inference children that may run at once, at least 1. */
  readonly inferenceWorkers: number;
  readonly spawnInference: () => WorkerPort;
  readonly spawnSearch: () => WorkerPort;
  readonly spawnWatcher: () => WorkerPort;
  readonly version: string;
  readonly clock: Clock;
  /** Called once the library's folder exists. */
  openLog(): Logger;
  /** Epoch milliseconds. */
  now(): number;
}
