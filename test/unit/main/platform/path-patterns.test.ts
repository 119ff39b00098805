// Patterns of left-out paths mean what the same lines mean in a `.gitignore`, and take no long time whatever they are.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePatterns, type PatternOptions, systemPatternOptions } from '../../../../main/platform/path-patterns.ts';
import { temporaryFolder } from '../../../helpers/library-db.ts';

const posix: PatternOptions = { ignoreCase: false, backslashSeparates: false };
const windows = systemPatternOptions('win32');

function excluded(patterns: readonly string[], path: string, options = posix): boolean {
  return compilePatterns(patterns, options).excludesFile(path);
}

describe('compilePatterns', () => {
  it.each([
    [['private'], 'private/a.jpg', true],
    [['private'], 'x/private/a.jpg', true],
    [['private'], 'private.jpg', false],
    [['/private'], 'x/private/a.jpg', false],
    [['/private'], 'private/a.jpg', true],
    [['x/private'], 'y/x/private/a.jpg', false],
    [['*.png'], 'deep/in/a.png', true],
    [['*.png'], 'a.PNG', false],
    [['IMG_????.jpg'], 'IMG_0001.jpg', true],
    [['IMG_????.jpg'], 'IMG_001.jpg', false],
    [['IMG_[0-4]*'], 'IMG_3.jpg', true],
    [['IMG_[!0-4]*'], 'IMG_3.jpg', false],
    [['a/**/b'], 'a/b/x.jpg', true],
    [['a/**/b'], 'a/1/2/b/x.jpg', true],
    [['a/**'], 'a/x.jpg', true],
    [['a/**'], 'a', false],
    [['**/thumbs/'], 'x/thumbs/a.jpg', true],
    [['thumbs/'], 'x/thumbs', false],
    [['*.jpg', '!keep.jpg'], 'x/keep.jpg', false],
    [['*.jpg', '!keep.jpg'], 'x/other.jpg', true],
    [['x', '!x/keep.jpg'], 'x/keep.jpg', true],
    [['# a word to myself', '', '  '], '# a word to myself', false],
    [['\\#x'], '#x', true],
    [['\\!x'], '!x', true],
    [['a b  '], 'a b', true],
    [['[abc'], '[abc', true],
    [['*[/.]/x'], 'b./x', true],
    [['a[!/]b'], 'a.b', true],
    [['a[!/]b'], 'a/b', false],
    [['/'], 'a.jpg', false],
    [['.*'], '.hidden/a.jpg', true],
    [['fotó'], 'fotó/a.jpg'.normalize('NFD'), true],
    [['😀?'], '😀😀/a.jpg', true],
  ])('%j of %s: %s', (patterns, path, expected) => {
    expect(excluded(patterns, path)).toBe(expected);
  });

  it('compares names as Windows does', () => {
    expect(excluded(['Private\\2019'], 'private/2019/a.jpg', windows)).toBe(true);
    expect(excluded(['*.PNG'], 'a.png', windows)).toBe(true);
  });

  it('is empty where no line says anything', () => {
    expect(compilePatterns(['', '# x'], posix).isEmpty).toBe(true);
    expect(compilePatterns(['x'], posix).isEmpty).toBe(false);
  });

  it('meets the most hostile pattern in no time', () => {
    const name = `${'a'.repeat(250)}b`;
    const started = performance.now();
    expect(excluded([`${'*a'.repeat(120)}c`, `${'**/'.repeat(100)}c`], Array(60).fill(name).join('/'))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  const segment = fc.stringMatching(/^[abAB.*?[\]!x-]{1,4}$/).filter((text) => text !== '.' && text !== '..');
  const line = fc
    .tuple(
      fc.constantFrom('', '', '!', '/'),
      fc.array(fc.oneof(segment, fc.constant('**')), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '', '/'),
    )
    .map(([start, parts, end]) => `${start}${parts.join('/')}${end}`);
  const path = fc
    .array(
      fc.stringMatching(/^[abAB.x-]{1,3}$/).filter((text) => text !== '.' && text !== '..'),
      { minLength: 1, maxLength: 4 },
    )
    .map((names) => names.join('/'));

  it.skipIf(spawnSync('git', ['--version']).status !== 0)('agrees with git', () => {
    const folder = temporaryFolder();
    spawnSync('git', ['init', '-q', folder]);
    mkdirSync(join(folder, 'in'));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 4 }),
        fc.array(path, { minLength: 20, maxLength: 20 }),
        (lines, paths) => {
          const own = compilePatterns(lines, posix);
          writeFileSync(join(folder, '.gitignore'), lines.join('\n'));
          const { stdout } = spawnSync('git', ['-C', folder, 'check-ignore', '--no-index', '--stdin', '-z'], {
            input: paths.join('\0'),
            encoding: 'utf8',
          });
          const byGit = new Set(stdout.split('\0'));
          expect(paths.filter((name) => own.excludesFile(name))).toEqual(paths.filter((name) => byGit.has(name)));
        },
      ),
      { numRuns: 150 },
    );
  });
});
