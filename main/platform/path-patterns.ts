// Tells which paths below a folder a person's patterns leave out, by the rules of `.gitignore`. Watcher and library thread; pure.

/** Paths are relative to the folder, with `/` between segments. */
export interface PathPatterns {
  readonly isEmpty: boolean;
  /** Whether this folder or file is named; of a folder that is, nothing below need be asked. */
  excludes(relPath: string, isFolder: boolean): boolean;
  /** Whether this file or a folder above it is named. */
  excludesFile(relPath: string): boolean;
}

export interface PatternOptions {
  /** As file names are compared on the system: on Windows and macOS without regard to case. */
  readonly ignoreCase: boolean;
  /** On Windows, where `\` separates folders; elsewhere it takes a character's meaning away. */
  readonly backslashSeparates: boolean;
}

/** Matches one character of a name. */
type CharacterTest = (character: string) => boolean;
/** A name's pattern: tests of one character each, `null` for any number of them. */
type NamePattern = readonly (CharacterTest | null)[];

interface Pattern {
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
  /** One for each segment; null for any number of segments (`**`). */
  readonly names: readonly (NamePattern | null)[];
}

/** How names are compared on this machine. */
export function systemPatternOptions(platform: NodeJS.Platform = process.platform): PatternOptions {
  return { ignoreCase: platform === 'win32' || platform === 'darwin', backslashSeparates: platform === 'win32' };
}

/**
 * `*`, `?`, `[a-z]`, `**`, a leading `/` or one inside for paths from the folder itself, a trailing `/` for folders alone, `!` to take back; the last
 * pattern that matches decides, and nothing below an excluded folder comes back. Empty lines and those that begin with `#` say nothing.
 */
export function compilePatterns(lines: readonly string[], options: PatternOptions): PathPatterns {
  const patterns = lines.flatMap((line) => parsePattern(line, options) ?? []);

  function excludes(relPath: string, isFolder: boolean): boolean {
    const names = normalised(relPath, options)
      .split('/')
      .map((name) => [...name]);
    const last = patterns.findLast(
      (pattern) => (isFolder || !pattern.foldersOnly) && matchesPath(pattern.names, names),
    );
    return last !== undefined && !last.isNegated;
  }

  return {
    isEmpty: patterns.length === 0,
    excludes,
    excludesFile(relPath) {
      for (let end = relPath.indexOf('/'); end >= 0; end = relPath.indexOf('/', end + 1)) {
        if (excludes(relPath.slice(0, end), true)) return true;
      }
      return excludes(relPath, false);
    },
  };
}

/** macOS gives names with accents apart from their letters; people type them joined. */
function normalised(text: string, { ignoreCase }: PatternOptions): string {
  const joined = text.normalize('NFC');
  return ignoreCase ? joined.toLowerCase() : joined;
}

function parsePattern(line: string, options: PatternOptions): Pattern | undefined {
  let text = normalised(options.backslashSeparates ? line.replaceAll('\\', '/') : line, options);
  text = text.replace(/(?<!\\)\s+$/u, '');
  if (text === '' || text.startsWith('#')) return undefined;
  const isNegated = text.startsWith('!');
  if (isNegated) text = text.slice(1);
  const foldersOnly = text.endsWith('/');
  text = text.replace(/\/+$/u, '');
  const isAnchored = text.includes('/');
  const segments = splitSegments([...text]).filter((segment) => segment.length > 0);
  if (segments.length === 0) return undefined;
  const names = segments.map((segment) => (segment.join('') === '**' ? null : parseName(segment)));
  // What ends in `**` means what is inside, not the folder itself.
  if (names.at(-1) === null) names.splice(-1, 0, [null]);
  return { isNegated, foldersOnly, names: isAnchored ? names : [null, ...names] };
}

/** At each `/`, but for one within brackets: there it is one of the set, and meets nothing, as no name has one. */
function splitSegments(characters: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (let at = 0; at < characters.length; at++) {
    const start = at;
    const character = characters[at];
    if (character === '\\') at++;
    else if (character === '[') at = parseSet(characters, at)?.end ?? at;
    if (character === '/') segments.push([]);
    else segments.at(-1)?.push(...characters.slice(start, at + 1));
  }
  return segments;
}

function parseName(characters: readonly string[]): NamePattern {
  const tests: (CharacterTest | null)[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    const set = character === '[' ? parseSet(characters, at) : undefined;
    if (set) {
      tests.push(set.test);
      at = set.end;
    } else if (character === '*') {
      if (tests.at(-1) !== null || tests.length === 0) tests.push(null);
    } else if (character === '?') tests.push(() => true);
    else {
      const literal = character === '\\' ? (characters[++at] ?? '\\') : character;
      tests.push((other) => other === literal);
    }
  }
  return tests;
}

/** `[a-z]`, `[!a-z]`; without a closing bracket it is an ordinary character. */
function parseSet(characters: readonly string[], start: number): { test: CharacterTest; end: number } | undefined {
  const isNegated = characters[start + 1] === '!' || characters[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  // A bracket in the first place is one of the set.
  const end = characters.indexOf(']', first + 1);
  if (end < 0) return undefined;
  const ranges: (readonly [string, string])[] = [];
  for (let at = first; at < end; at++) {
    const from = characters[at] as string;
    const isRange = characters[at + 1] === '-' && at + 2 < end;
    ranges.push([from, isRange ? (characters[at + 2] as string) : from]);
    if (isRange) at += 2;
  }
  const isIn = (character: string): boolean => ranges.some(([from, to]) => character >= from && character <= to);
  return { test: (character) => isIn(character) !== isNegated, end };
}

function matchesPath(patterns: readonly (NamePattern | null)[], names: readonly (readonly string[])[]): boolean {
  return matchesAll(patterns, names, matchesName);
}

function matchesName(pattern: NamePattern, characters: readonly string[]): boolean {
  return matchesAll(pattern, characters, (test, character) => test(character));
}

/**
 * Whether the parts are met one by one, `null` standing for any number of items. Only the last `null` is ever tried again, which is enough and keeps a
 * hostile pattern from taking more steps than parts times items.
 */
function matchesAll<Part, Item>(
  parts: readonly (Part | null)[],
  items: readonly Item[],
  isMet: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0;
  let retryPart = -1;
  let retryItem = 0;
  for (let item = 0; item < items.length; ) {
    const wanted = parts[part];
    if (wanted === null) {
      retryPart = part++;
      retryItem = item;
    } else if (wanted !== undefined && isMet(wanted, items[item] as Item)) {
      part++;
      item++;
    } else if (retryPart >= 0) {
      part = retryPart + 1;
      item = ++retryItem;
    } else return false;
  }
  while (parts[part] === null) part++;
  return part === parts.length;
}
