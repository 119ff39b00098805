// Contract of the settings domain: what a person chose, kept in the library so that every interface shows the same.
import { z } from 'zod';
import { method } from './define.ts';

export const Settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** How much of the machine indexing takes: `quiet` one worker with pauses, `normal`, `full` every worker. */
  speed: z.enum(['quiet', 'normal', 'full']),
  /** Indexing waits until the person lets it go on. */
  paused: z.boolean(),
  /** Height of a gallery row in CSS pixels. */
  rowHeight: z.number().int().min(80).max(480),
  /** Desktop only. */
  openAtLogin: z.boolean(),
  /** Icon in the tray while indexing; desktop only. */
  showTray: z.boolean(),
  /** How much a hit must have before a search calls it sure, or shows it: 0 shows much, 1 only what is certain. */
  strictness: z.number().min(0).max(1),
  /** The newest last; at most 20. */
  recentSearches: z.array(z.string().max(500)).max(20),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = {
  theme: 'system',
  speed: 'normal',
  paused: false,
  rowHeight: 200,
  openAtLogin: false,
  showTray: true,
  strictness: 0.5,
  recentSearches: [],
};

export const settings = {
  get: method(z.strictObject({}), Settings),
  /** Changes what is named and answers the whole. */
  set: method(Settings.partial(), Settings),
};
