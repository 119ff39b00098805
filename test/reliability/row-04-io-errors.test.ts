// A write or sync that the system refuses, whichever it is, damages nothing: what was acknowledged is there, and what was refused is not.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { bundled, canInject, failing, injectedIn, memoryFolder, runChild, several } from '../helpers/faults.ts';
import { isLong, reached } from '../helpers/figure.ts';
import { doneIn, factsOfFolder, shortfallsIn } from '../helpers/store-work.ts';

const source = fileURLToPath(new URL('children/work.ts', import.meta.url));
let worker = source;

beforeAll(async () => {
  worker = await bundled(source);
});

interface Outcome {
  readonly injected: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Facts that were refused and are there all the same. */
  readonly ghosts: readonly string[];
  readonly problems: readonly string[];
}

/** Work on a copy of a library while one call (`when` is its number, with `+` all from it on) fails. */
async function workWith(template: string, call: string, error: string, when: string): Promise<Outcome> {
  const folder = memoryFolder();
  const library = join(folder, 'library');
  cpSync(template, library, { recursive: true });
  const record = join(folder, 'record');
  const { code, signal, lines, stderr } = await runChild(worker, [library, ...(isLong ? ['6', '2'] : ['1', '1'])], {
    through: failing(call, error, when, record),
  });
  const facts = doneIn(lines);
  const refused = lines
    .filter((line) => line.startsWith('refused '))
    .flatMap((line) => line.split(' ').slice(2).join(' ').split(', '));
  const reopened = await openLibrary({ folder: library, mode: 'write', now: 2 });
  await reopened.close();
  const stored = factsOfFolder(library);
  const known = new Set(facts);
  return {
    injected: injectedIn(record),
    acknowledged: facts.length,
    refused: lines.filter((line) => /^(refused|failed) /.test(line)).length,
    ghosts: refused.filter((fact) => fact !== '' && stored.has(fact) && !known.has(fact)),
    problems: [
      ...(code === 0 && signal === null ? [] : [`ended with ${code ?? signal}: ${stderr}`]),
      ...lines.filter(
        (line) => /^(refused|failed) /.test(line) && !/ store\/(failed|disk-full|read-only|corrupt) ?/.test(`${line} `),
      ),
      ...shortfallsIn(library, facts),
    ],
  };
}

/** A library that work has been done on and that was closed. */
async function template(): Promise<string> {
  const folder = join(memoryFolder(), 'library');
  const { lines } = await runChild(worker, [folder, '1', '2']);
  expect(lines.at(-1)).toBe('closed');
  return folder;
}

describe.skipIf(!canInject)('promise 4: errors of the disk damage nothing (needs strace)', () => {
  // Every call fails once in a usual run, by one error and the other in turn; in the long version by both.
  it.each(
    [
      ['pwrite64', isLong ? ['EIO'] : ['EIO', 'ENOSPC']],
      ['pwrite64', isLong ? ['ENOSPC'] : ['ENOSPC', 'EIO']],
      ['fsync', ['EIO']],
      ['fsync', ['ENOSPC']],
      ['fdatasync', ['EIO']],
      ['ftruncate', ['EIO']],
    ].slice(isLong ? 0 : 1) as [string, string[]][],
  )('every %s in its turn fails with %s', { timeout: isLong ? 3_600_000 : 180_000 }, async (call, errors) => {
    const from = await template();
    const wrong: string[] = [];
    let injected = 0;
    let refused = 0;
    let isClean = false;
    await several(100_000, 3, async (index) => {
      if (isClean) return;
      const outcome = await workWith(from, call, errors[index % errors.length] ?? '', `${index + 1}`);
      if (outcome.injected === 0) isClean = true;
      injected += outcome.injected;
      refused += outcome.refused > 0 ? 1 : 0;
      wrong.push(...[...outcome.problems, ...outcome.ghosts].map((problem) => `call ${index + 1}: ${problem}`));
    });
    expect(wrong).toEqual([]);
    expect(isClean).toBe(true);
    // SQLite is built to call fsync; were it fdatasync some day, this loop would be the one that bites.
    if (call === 'pwrite64' || call === 'fsync') expect(refused).toBeGreaterThan(10);
    reached(
      4,
      `${injected} times ${errors.join(' or ')} at each ${call} in turn, ${refused} times a write was refused, 0 damaged, rows = successes`,
    );
  });
});
