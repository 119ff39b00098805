// Files that lie beside a packaged application's archive, because native code or a worker opens them itself. Any process; pure.

/**
 * The address of a file outside the archive; unchanged where there is none. What is unpacked is listed in electron-builder.yml, and a test holds that list
 * against what the workers import.
 */
export function unpacked(file: URL): URL {
  return new URL(file.href.replace(/\/app\.asar\//, '/app.asar.unpacked/'));
}
