// Nothing that writes files is given a photo's path: each source that can write is on a list, with what it writes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../helpers/cli.ts';
import { reached } from '../helpers/figure.ts';

/** Names of node:fs and node:fs/promises by which files and folders are made, changed or removed. `open` can, by its flags. */
const writing =
  /^(writeFile|appendFile|createWriteStream|copyFile|cp|rename|unlink|rm|rmdir|mkdir|mkdtemp|truncate|ftruncate|utimes|futimes|lutimes|chmod|fchmod|lchmod|chown|fchown|lchown|link|symlink|write|writev|open|openAsBlob)(Sync)?$/;

/** Sources that import such a name, and what they write with it. Anything in a folder of photos is no reason. */
const reasons: Readonly<Record<string, string>> = {
  'main/cli/evaluate.ts': 'the report, at the path that the person names for it',
  'main/cli/export.ts': 'the person’s own words, into a new file that they name: an existing one is refused',
  'main/compose.ts': 'a folder for previews where the library cannot be written',
  'main/electron/window-state-file.ts': 'where the window was, in the application’s own folder',
  'main/entry/build-desktop.ts': 'build output',
  'main/entry/cli.ts': 'a folder of its own below the system’s temporary one',
  'main/platform/durable-file.ts': 'files of the library and side files',
  'main/platform/log.ts': 'logs of the library',
  'main/services/media/preview-cache.ts': 'previews, in the library’s cache, under names made of hashes',
  'main/store/backups.ts': 'backups of the library',
  'main/store/examine-copy.ts': 'what was proven of a copy of the library, beside it',
  'main/store/open-library-files.ts': 'the library’s folder and its thumbnails',
  'main/store/restore-library.ts': 'the library’s database and what it replaces',
  'main/store/salvage.ts': 'a copy of a damaged library to read from',
  'main/vectors/side-index/check-side-files.ts': 'side files that are not believed',
  'main/vectors/side-index/photo-graph.ts': 'side files',
  'main/vectors/side-index/rows-file.ts': 'side files',
  'main/vectors/side-index/side-store.ts': 'the folder of side files',
  'main/web-host/redirect-file.ts': 'the file that opens the browser, in the library’s folder',
  'main/web-host/session-file.ts': 'sign-ins, in the library’s folder',
  'native-models/files/download-lock.ts': 'the models folder',
  'native-models/files/fetch-file.ts': 'the models folder',
  'native-models/files/install-pack.ts': 'the models folder',
  'native-models/files/pack-store.ts': 'the models folder',
  'native-models/files/remembered-facts.ts': 'a small file in the application’s own folder',
};

/** Text of every source by its path. */
function sources(): [string, string][] {
  return ['main', 'native-models', 'preload']
    .flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name).replaceAll('\\', '/'),
      ),
    )
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => [name, readFileSync(join(repository, name), 'utf8')]);
}

/** The names that a source imports from Node's file modules. */
function importedFrom(text: string): string[] {
  return [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*'(?:node:)?fs(?:\/promises)?'/g)].flatMap(([, names = '']) =>
    names.split(',').map(
      (name) =>
        name
          .replace(/^\s*type\s.*/, '')
          .trim()
          .split(/\s+as\s+/)[0] ?? '',
    ),
  );
}

/** A source that imports `open` alone, and no flag but the one to read, cannot write. */
function opensToReadOnly(text: string): boolean {
  const others = importedFrom(text).filter((name) => writing.test(name) && !/^open(Sync)?$/.test(name));
  return others.length === 0 && !/'(r\+|w|a)(x|s)?\+?'|\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b/.test(text);
}

function writersIn(all: readonly [string, string][]): string[] {
  return all
    .filter(([, text]) => importedFrom(text).some((name) => writing.test(name)) && !opensToReadOnly(text))
    .map(([name]) => name);
}

describe('promise 14: no call that writes takes a photo path', () => {
  it('every source that can write is known, with what it writes', () => {
    const found = writersIn(sources());
    expect(found.filter((name) => reasons[name] === undefined)).toEqual([]);
    // A reason that is no longer needed would hide the next one.
    expect(Object.keys(reasons).filter((name) => !found.includes(name))).toEqual([]);
    reached(14, `${found.length} sources can write, each with its reason; 0 in the folders that handle photos`);
  });

  it('none of them is where photos are found, read or decoded', () => {
    const handling = /^(main\/(watching|metadata|inference)|native-models\/image)\//;
    expect(Object.keys(reasons).filter((name) => handling.test(name))).toEqual([]);
    expect(writersIn(sources()).filter((name) => handling.test(name))).toEqual([]);
  });

  it('file functions are imported by name only, so that the list is whole', () => {
    const hidden =
      /import\s+(?:\*\s+as\s+)?\w+\s+from\s+'(?:node:)?fs(?:\/promises)?'|import\(\s*'(?:node:)?fs|require\(\s*'(?:node:)?fs|process\.binding|from\s+'(?:node:)?fs'\s+with/;
    expect(
      sources()
        .filter(([, text]) => hidden.test(text))
        .map(([name]) => name),
    ).toEqual([]);
  });

  it('pictures are never written by the decoder into a file', () => {
    const found = sources().filter(([, text]) => /sharp/.test(text) && /\.toFile\s*\(/.test(text));
    expect(found.map(([name]) => name)).toEqual([]);
  });

  it.each([
    "import { rm } from 'node:fs/promises'",
    "import {\n  existsSync,\n  writeFileSync as put,\n} from 'node:fs'",
    "import { open } from 'fs';\nopen(path, 'r+')",
    "import { openSync } from 'node:fs';\nopenSync(path, 'wx')",
  ])('the check sees %s', (text) => expect(writersIn([['some.ts', text]])).toEqual(['some.ts']));

  it.each([
    "import { readFile, stat } from 'node:fs/promises'",
    "import { type Stats, createReadStream } from 'node:fs'",
    "import { open } from 'node:fs/promises';\nopen(path, 'r')",
  ])('the check lets %s pass', (text) => expect(writersIn([['some.ts', text]])).toEqual([]));
});
