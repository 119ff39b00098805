// Which files a walk passes over by name alone, before anything is opened. Watcher thread.

/** Folders that hold no person's photos: system, trash, version control, other photo managers' thumbnails. Compared in lower case. */
const skippedFolders = new Set([
  '$recycle.bin',
  'system volume information',
  '@eadir',
  '#recycle',
  'lost+found',
  'node_modules',
  '__macosx',
]);

/**
 * Endings of files that are known not to be pictures. Everything else is looked at by its first bytes: a wrong or missing ending
 * never hides a photo, and a document never counts as a failed one.
 */
const otherKinds = new Set(
  [
    'xmp aae thm ini db db-wal db-shm lnk url nomedia ds_store json xml yaml yml tsv csv log lock bak part crdownload tmp torrent',
    'txt md rtf pdf doc docx odt xls xlsx ods ppt pptx odp key pages numbers epub mobi htm html css eml vcf ics',
    'mp4 m4v mov avi mkv webm mpg mpeg mts m2ts 3gp wmv flv ogv vob insv lrv',
    'mp3 m4a aac wav flac ogg opus wma aif aiff mid amr',
    'zip rar 7z tar gz bz2 xz zst iso dmg exe msi app dll so dylib deb rpm apk jar bin sqlite lrcat lrdata psd psb ai eps indd blend',
    'js ts mjs jsx tsx py rb c h cpp hpp java go rs php sh bat ps1 ipynb gpx kml fit srt ttf otf woff woff2',
  ].flatMap((line) => line.split(' ')),
);

export function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || skippedFolders.has(name.toLowerCase());
}

export function mayBePhoto(name: string): boolean {
  if (name.startsWith('.')) return false;
  const dot = name.lastIndexOf('.');
  return dot <= 0 || !otherKinds.has(name.slice(dot + 1).toLowerCase());
}
