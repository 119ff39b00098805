// What the use-cases on a library ask of the work in the background. Shell process.

/** Kept by a host that stays; a single command has none and indexes when told to. */
export interface BackgroundWork {
  /** Looks through these folders (all where none is named) for what changed, then works; returns at once. */
  rescan(folderIds: readonly number[]): void;
  /** There may be work that no scan finds: a caption was written, a failure is to be tried again. Returns at once. */
  wake(): void;
  /** Folders being looked through now. */
  scanning(): readonly number[];
}
