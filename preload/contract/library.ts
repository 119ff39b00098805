// Contract of the library domain: folders, counts, and the facts of one photo.
import { z } from 'zod';
import { localMethod, method } from './define.ts';
import { FolderId, PhotoId, PhotoIds } from './ids.ts';

export const Failure = z.object({ path: z.string(), code: z.string(), message: z.string() });

/** Everything known of one photo; absent facts are null. `takenAt` is local ISO time without zone. */
export const PhotoReport = z.object({
  path: z.string(),
  sha256: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  takenAt: z.string().nullable(),
  offset: z.string().nullable(),
  gps: z.object({ lat: z.number(), lon: z.number() }).nullable(),
  camera: z.object({ make: z.string().nullable(), model: z.string().nullable(), lens: z.string().nullable() }),
  exposure: z.object({
    timeSeconds: z.number().nullable(),
    fNumber: z.number().nullable(),
    iso: z.number().nullable(),
    focalLengthMm: z.number().nullable(),
  }),
  orientation: z.number().nullable(),
  rating: z.number().nullable(),
  keywords: z.array(z.string()),
  title: z.string().nullable(),
  description: z.string().nullable(),
  caption: z.object({ text: z.string(), source: z.enum(['person', 'model']), model: z.string().nullable() }).nullable(),
  vectors: z.array(z.object({ kind: z.string(), model: z.string(), dim: z.number() })),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export const LibraryStatus = z.object({
  library: z.string(),
  mode: z.enum(['owner', 'reader']),
  folders: z.array(
    z.object({
      path: z.string(),
      files: z.number(),
      missing: z.number(),
      state: z.enum(['online', 'offline']),
    }),
  ),
  photos: z.number(),
  indexed: z.number(),
  pending: z.number(),
  failed: z.number(),
  pendingByStage: z.object({ look: z.number(), caption: z.number(), own: z.number() }),
  failures: z.array(Failure),
  /** Why the models cannot be used, else null; where they cannot, what was read counts as indexed. */
  modelProblem: z.string().nullable(),
});

/** One photo as the viewer shows it. Paths are text to show, never an input. */
export const PhotoView = PhotoReport.omit({ vectors: true }).extend({
  photoId: PhotoId,
  name: z.string(),
  folder: z.string(),
  sizeBytes: z.number(),
  format: z.string().nullable(),
  favourite: z.boolean(),
  missing: z.boolean(),
  damaged: z.boolean(),
  /** The best generated captions, also where the person wrote their own. */
  generatedCaptions: z.array(z.string()),
  /** Revision of its pictures, for media URLs. */
  mediaRevision: z.number(),
  /** Local ISO time of its file, which dates it in the gallery where the photo itself names no time; null where it does, or nothing is known. */
  fileDate: z.string().nullable(),
});
export type PhotoView = z.infer<typeof PhotoView>;

/** What a gallery cell shows, as columns in the order asked; photos that are no longer there are left out. */
export const PhotoCells = z.object({
  photoIds: z.array(PhotoId),
  /** The caption, else the file's name: what the cell is called. */
  labels: z.array(z.string()),
  mediaRevisions: z.array(z.number()),
});

export const FolderView = z.object({
  folderId: FolderId,
  name: z.string(),
  path: z.string(),
  photos: z.number(),
  missing: z.number(),
  failed: z.number(),
  pending: z.number(),
  /** `offline`: its drive is away; `emptied`: the folder is there, and none of the photos known to lie in it. */
  state: z.enum(['ready', 'scanning', 'offline', 'emptied', 'error']),
  /** Files that vanished in one go and are held as if they were there until the person says that they are gone. */
  vanished: z.number(),
  /** What is wrong and what to do, else null. */
  problem: z.string().nullable(),
  /** Patterns of paths below the folder that are left out, as in `.gitignore`. */
  exclude: z.array(z.string()),
});
export type FolderView = z.infer<typeof FolderView>;

export const FileFailureView = z.object({
  fileId: z.number().int(),
  photoId: PhotoId.nullable(),
  name: z.string(),
  path: z.string(),
  code: z.string(),
  message: z.string(),
});
export type FileFailureView = z.infer<typeof FileFailureView>;

const FileIds = z.strictObject({ fileIds: z.array(z.number().int()).min(1).max(10_000) });

export const library = {
  /** The number of the library's newest state; see `events['library.changed']`. The timeline's columns are fetched from `timelinePath`. */
  revision: method(z.strictObject({}), z.object({ revision: z.number().int(), photos: z.number().int() })),
  cells: method(z.strictObject({ photoIds: PhotoIds.max(500) }), PhotoCells),
  photo: method(z.strictObject({ photoId: PhotoId }), PhotoView),
  /** Replaces the person's caption; null takes it away and the generated one shows again. Answers the one before, for undo. */
  setCaption: method(
    z.strictObject({ photoId: PhotoId, text: z.string().trim().min(1).max(2000).nullable() }),
    z.object({ before: z.string().nullable() }),
  ),
  /** Answers the photos that were changed, for undo. */
  setFavourite: method(
    z.strictObject({ photoIds: PhotoIds, favourite: z.boolean() }),
    z.object({ changed: z.array(PhotoId) }),
  ),
  folders: method(z.strictObject({}), z.object({ folders: z.array(FolderView) })),
  /** Registers a folder that the host named (`shell.pickFolder`, `shell.places`, a drop) and begins to index it. */
  addPlace: method(
    z.strictObject({ placeId: z.string().max(200) }),
    z.object({ folderId: FolderId, known: z.boolean() }),
  ),
  addSamplePhotos: method(z.strictObject({}), z.object({ folderId: FolderId, known: z.boolean() })),
  /** Takes a folder out of the library; its files stay where they are and are not touched. Captions a person wrote stay with the photos' content. */
  removeFolder: method(
    z.strictObject({ folderId: FolderId }),
    z.object({ path: z.string(), exclude: z.array(z.string()) }),
  ),
  /** Undo of `removeFolder`: refused for every folder but those that were removed from this library. */
  restoreFolder: method(z.strictObject({ folderId: FolderId }), z.object({ folderId: FolderId })),
  setExclude: method(
    z.strictObject({ folderId: FolderId, exclude: z.array(z.string().min(1).max(500)).max(100) }),
    z.object({ before: z.array(z.string()) }),
  ),
  /** The person's answer about files that vanished: gone for good, or to be kept until they return. */
  settleVanished: method(z.strictObject({ folderId: FolderId, gone: z.boolean() }), z.object({ files: z.number() })),
  failures: method(
    z.strictObject({ limit: z.number().int().min(1).max(1000).default(200) }),
    z.object({ failures: z.array(FileFailureView), total: z.number() }),
  ),
  retryFailures: method(FileIds, z.object({})),
  /** Leaves failed files out of the list until they change, or takes them back into it. */
  ignoreFailures: method(FileIds.extend({ ignored: z.boolean() }), z.object({})),
  /** Registers folders, all or none: a folder that cannot be registered leaves the others out too. */
  addFolders: localMethod(
    z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(1000) }),
    z.object({ folders: z.array(z.object({ id: z.number(), path: z.string(), known: z.boolean() })) }),
  ),
  status: method(z.strictObject({ failureLimit: z.number().int().min(0).max(10_000).default(100) }), LibraryStatus),
  showPhoto: localMethod(z.strictObject({ path: z.string().min(1).max(4096) }), PhotoReport),
};
