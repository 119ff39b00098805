// What the desktop window's preload bridge offers to the page beside the contract's frames: drops, drags and commands of the menu. Types alone, so that the bridge stays small.
import type { z } from 'zod';
import type { ReplyFrame, RequestFrame } from './frames.ts';
import type { Place } from './shell.ts';

/** What a menu entry, a second start or a `photoseek:` link asks of the interface. */
export type DesktopCommand =
  | { readonly name: 'find' | 'add-folder' | 'settings' | 'shortcuts' | 'select-all' }
  | { readonly name: 'search'; readonly text: string }
  | { readonly name: 'photo'; readonly photoId: number };

export type PlaceView = z.infer<typeof Place>;

/** `window.photoseek` in the desktop window; not there in a browser. */
export interface DesktopBridge {
  send(frame: RequestFrame): void;
  /** Opens the line: frames come from here on, `hello` first. Called once. */
  onFrame(listener: (frame: ReplyFrame) => void): void;
  /** Commands wait until they are first listened for. */
  onCommand(listener: (command: DesktopCommand) => void): void;
  /** The place of a folder that was dropped on the page, for `library.addPlace`; null for anything but a folder of this computer. */
  placeOf(file: File): Promise<PlaceView | null>;
  /** To be called from `dragstart` (whose own drag is prevented): goes on as a drag of the photos' files, to be copied elsewhere. */
  dragOut(photoIds: readonly number[]): void;
}

/** The name of the bridge on the page, and of the one channel between the window and the application. */
export const bridgeName = 'photoseek';

/** Page to application. `ack` counts events taken in, `open` begins a fresh line. */
export type BridgeMessage =
  | { readonly kind: 'open' }
  | { readonly kind: 'frame'; readonly frame: unknown }
  | { readonly kind: 'ack' }
  | { readonly kind: 'drop'; readonly id: number; readonly path: string }
  | { readonly kind: 'drag'; readonly photoIds: readonly number[] };

/** Application to page. */
export type WindowMessage =
  | { readonly kind: 'frame'; readonly frame: ReplyFrame }
  | { readonly kind: 'place'; readonly id: number; readonly place: PlaceView | null }
  | { readonly kind: 'command'; readonly command: DesktopCommand };
