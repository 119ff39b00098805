// Contract of the shell domain: what this installation is made of and whether it is well.
import { z } from 'zod';
import { method } from './define.ts';
import { PhotoId } from './ids.ts';

export const DoctorReport = z.object({
  versions: z.record(z.string(), z.string()),
  system: z.object({
    platform: z.string(),
    arch: z.string(),
    cores: z.number(),
    memoryGb: z.number(),
    watchLimit: z.number().nullable(),
  }),
  packs: z.array(
    z.object({
      id: z.string(),
      revision: z.string(),
      title: z.string(),
      licence: z.string(),
      notice: z.string(),
      active: z.boolean(),
      state: z.string(),
      sizeMb: z.number(),
    }),
  ),
  providers: z.array(z.object({ name: z.string(), used: z.boolean(), reason: z.string() })),
  store: z.object({
    library: z.string(),
    mode: z.string(),
    sqlite: z.string(),
    schema: z.number(),
    journal: z.string(),
    synchronous: z.string(),
    sizeMb: z.number(),
    check: z.string(),
    /** UTC, ISO 8601; null where none was made yet. */
    lastBackup: z.string().nullable(),
  }),
  /** One line for each thing that needs the person's attention; empty when all is well. */
  problems: z.array(z.string()),
});

/** What the host of this interface can do; controls for what it cannot are hidden. */
export const Capabilities = z.object({
  version: z.string(),
  /** `native`: the system's folder dialog through `pickFolder`; `browse`: a list of folders through `places`. */
  pickFolder: z.enum(['native', 'browse']),
  /** Can show a file in the system's file manager. */
  reveal: z.boolean(),
  /** Folders can be dropped in, photos dragged out. */
  drag: z.boolean(),
  openAtLogin: z.boolean(),
  tray: z.boolean(),
  /** False for the second program on a library: it may look and search, not change. */
  canChange: z.boolean(),
  samplePhotos: z.boolean(),
  device: z.object({ name: z.string(), reason: z.string() }),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** A state that needs attention: what happened and what to do, in words. */
export const Banner = z.object({
  kind: z.enum([
    'inference-stopped',
    'watch-limit',
    'disk-full',
    'store-read-only',
    'second-program',
    'model',
    'folder-offline',
    'files-vanished',
    'library-restored',
    'backup-failed',
  ]),
  severity: z.enum(['warning', 'error']),
  text: z.string(),
  /** What a button beside it does, else null. */
  action: z
    .enum(['restart-inference', 'retry', 'open-settings', 'open-failures', 'open-folders', 'answer-vanished'])
    .nullable(),
});
export type Banner = z.infer<typeof Banner>;

/** A folder in the web host's folder list, named by an id that the host handed out. */
export const Place = z.object({ placeId: z.string(), name: z.string(), path: z.string(), addable: z.boolean() });
export type Place = z.infer<typeof Place>;

export const shell = {
  doctor: method(z.strictObject({}), DoctorReport),
  capabilities: method(z.strictObject({}), Capabilities),
  banners: method(z.strictObject({}), z.object({ banners: z.array(Banner) })),
  /** Does what a banner's button offers. */
  act: method(z.strictObject({ action: z.enum(['restart-inference', 'retry']) }), z.object({})),
  /** Opens the system's folder dialog; the answer names the choice for `library.addPlace`, null when it was closed. */
  pickFolder: method(z.strictObject({}), z.object({ place: Place.nullable() })),
  /** Folders below a place (the starting points where none is given). */
  places: method(
    z.strictObject({ placeId: z.string().max(200).nullable().default(null) }),
    z.object({ here: Place.nullable(), parent: Place.nullable(), places: z.array(Place) }),
  ),
  reveal: method(z.strictObject({ photoId: PhotoId }), z.object({})),
};
