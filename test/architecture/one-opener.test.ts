// What the sources may do with files: one place opens databases, and nothing that touches originals can write.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Text of every source below a folder by its path, without comments: they may name what code may not do. */
function sources(folder: string): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => {
      const path = join(folder, name).replaceAll('\\', '/');
      return [path, withoutComments(readFileSync(join(root, path), 'utf8'))];
    });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Calls and imports that change, remove or create files, in node:fs and in sharp. */
const writes = new RegExp(
  [
    String.raw`\b(writeFile|appendFile|createWriteStream|copyFile|cp|rename|unlink|rm|rmdir|mkdir|mkdtemp|truncate|ftruncate|utimes|futimes|lutimes|chmod|fchmod|lchmod|chown|fchown|lchown|link|symlink|writev|toFile)(Sync)?\s*\(`,
    String.raw`\bopen(Sync)?\s*\([^)]*,(?!\s*'r'\s*\))[^)]*\)`,
    String.raw`\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b`,
  ].join('|'),
);
const touchesOriginals = ['main/watching', 'main/inference', 'main/metadata', 'native-models/image'];

describe('one opener only', () => {
  it('a database is constructed in main/store/open-database.ts and nowhere else', () => {
    const openers = ['main', 'native-models', 'preload']
      .flatMap(sources)
      .filter(([, text]) => /\bnew\s+(Database|DatabaseSync|BetterSqlite3)\b/.test(text))
      .map(([path]) => path);
    expect(openers).toEqual(['main/store/open-database.ts']);
  });
});

describe('originals are never opened for writing', () => {
  it.each(touchesOriginals)('%s has no call that writes', (folder) => {
    const found = sources(folder);
    expect(found.length).toBeGreaterThan(0);
    const offenders = found.flatMap(([path, text]) => {
      const call = writes.exec(text)?.[0];
      return call === undefined ? [] : [`${path}: ${call}`];
    });
    expect(offenders).toEqual([]);
  });

  it.each(touchesOriginals)(
    '%s imports nothing by which a whole module of file functions could be hidden',
    (folder) => {
      const hidden = sources(folder).filter(([, text]) =>
        /import\s+(\*\s+as\s+)?\w+\s+from\s+'node:fs(\/promises)?'|import\(\s*'node:fs|require\(/.test(text),
      );
      expect(hidden.map(([path]) => path)).toEqual([]);
    },
  );

  it.each([
    "await writeFile(path, 'x')",
    "openSync(path, 'w')",
    "await open(path, 'r+')",
    'open(path, flags)',
    'fs.unlinkSync(path)',
    'await rm (path)',
    'image.toFile(path)',
    'constants.O_RDWR',
    'renameSync(a, b)',
  ])('the check sees %s', (code) => expect(code).toMatch(writes));

  it.each([
    "open(path, 'r')",
    'readFile(path)',
    'form(path)',
    'confirm(x)',
    'createReadStream(path)',
    'openPack(a, b)',
  ])('the check lets %s pass', (code) => expect(code).not.toMatch(writes));
});
