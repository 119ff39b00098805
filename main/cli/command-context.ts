// What every command is given: the contract, the terminal, and a signal for Ctrl+C.
import type { PhotosApi } from '../../preload/contract/index.ts';
import type { ServedInterface } from './serve.ts';
import type { Terminal } from './terminal.ts';

export interface CommandContext {
  readonly api: PhotosApi;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly host: CommandHost;
}

/** What a command that stays asks of the program it runs in. */
export interface CommandHost {
  /** @param port 0 for any that is free. */
  serve(port: number): Promise<ServedInterface>;
  /** Calls when the person presses Enter. @returns the function that ends it. Null where there is no terminal to press it in. */
  readonly onEnter: ((listener: () => void) => () => void) | null;
}

/** How a command wants its library opened. */
export interface CommandNeeds {
  /** Reads an existing library only; without one the command fails instead of creating it. */
  readonly readOnly: boolean;
  /** Works in a library of its own that is deleted afterwards, and leaves the person's alone. */
  readonly scratch?: true;
  /** As `scratch` where there is no library yet: none is made. */
  readonly scratchWhereNone?: true;
  /** Changes a library, and makes none where there is none. */
  readonly needsLibrary?: true;
  /** Stays, works in the background and shows a window in a browser. */
  readonly stays?: true;
  /** Looked at before the library is opened, and so before one is made: where it throws, nothing was touched. */
  readonly before?: () => Promise<unknown>;
}
