// Promise 35: a file is read once, when it is whole. Real watches and walks; the writers write at their own pace.
import { appendFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { memoryFolder } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { factsOf } from '../helpers/photo-facts.ts';
import { hashingLane, watchedLibrary } from '../helpers/watched-library.ts';

const soon = { timeout: 60_000, interval: 50 };
const stepBytes = 64 * 1024;

async function setUp() {
  const folder = memoryFolder();
  const root = join(folder, 'photos');
  await mkdir(root);
  const lane = hashingLane();
  const library = await watchedLibrary(join(folder, 'library'), { lane });
  onTestFinished(library.close);
  await library.db.registerFolder({ path: root, now: Date.now() });
  library.indexer.start({ speed: 'full', paused: false });
  // The watch stands.
  await vi.waitFor(() => expect(library.troubles.length).toBeGreaterThan(0), soon);
  const hashesOf = (name: string): string[] => lane.read.get(join(root, name)) ?? [];
  const photos = async () => (await library.db.folderViews())[0]?.photos;
  return { root, hashesOf, photos };
}

const step = (at: number): string => String.fromCharCode(65 + (at % 26)).repeat(stepBytes);
const hashOf = (content: string): string => factsOf(content).sha256;

/** Writes in steps of 64 KB over so many milliseconds. @returns what was written */
async function write(path: string, forMs: number, first = 0): Promise<string> {
  let content = '';
  let at = first;
  const end = performance.now() + forMs;
  for await (const _ of setInterval(100)) {
    appendFileSync(path, step(at));
    content += step(at++);
    if (performance.now() >= end) break;
  }
  return content;
}

async function writeWithPause(path: string): Promise<string> {
  const before = await write(path, 1_000);
  for await (const _ of setInterval(3_000)) break;
  return before + (await write(path, 500, 7));
}

async function writeAndRename(path: string, hidden: string): Promise<string> {
  const content = await write(hidden, 1_500, 3);
  renameSync(hidden, path);
  return content;
}

describe('promise 35: half-written files are not read', () => {
  it('reads what is written slowly, with a pause or beside its place exactly once', { timeout: 120_000 }, async () => {
    const { root, hashesOf, photos } = await setUp();
    const at = (name: string): string => join(root, name);
    writeFileSync(at('replaced.jpg'), step(1));
    utimesSync(at('replaced.jpg'), 1_500_000_000, 1_500_000_000);
    await vi.waitFor(() => expect(hashesOf('replaced.jpg')).toEqual([hashOf(step(1))]), soon);
    const rounds = figure(1, 10);
    for (let round = 0; round < rounds; round++) {
      const [slow, paused, replaced] = await Promise.all([
        write(at(`slow-${round}.jpg`), 10_000),
        writeWithPause(at(`paused-${round}.jpg`)),
        writeAndRename(at('replaced.jpg'), at(`.replaced-${round}`)),
      ]);
      await vi.waitFor(() => {
        expect(hashesOf(`slow-${round}.jpg`)).toEqual([hashOf(slow)]);
        expect(hashesOf(`paused-${round}.jpg`)).toEqual([hashOf(paused)]);
        expect(hashesOf('replaced.jpg').at(-1)).toBe(hashOf(replaced));
      }, soon);
      // The final content of each is read exactly once, by the one that looks at times as by the one that waits.
      expect(hashesOf('replaced.jpg')).toHaveLength(round + 2);
    }
    // One photo a file: none is left of half a file.
    await vi.waitFor(async () => expect(await photos()).toBe(1 + 2 * rounds), soon);
    reached(
      35,
      `${3 * rounds} files written over 10 s, with a pause of 3 s, or renamed into place: each read once, when it was whole`,
    );
  });

  it('reads again what was overwritten with as many bytes and its old time', { timeout: 60_000 }, async () => {
    const { root, hashesOf } = await setUp();
    const path = join(root, 'same.jpg');
    writeFileSync(path, step(1));
    utimesSync(path, 1_500_000_000, 1_500_000_000);
    await vi.waitFor(() => expect(hashesOf('same.jpg')).toEqual([hashOf(step(1))]), soon);
    writeFileSync(path, step(2), { flag: 'r+' });
    utimesSync(path, 1_500_000_000, 1_500_000_000);
    expect([statSync(path).size, statSync(path).mtimeMs]).toEqual([stepBytes, 1_500_000_000_000]);
    await vi.waitFor(() => expect(hashesOf('same.jpg').at(-1)).toBe(hashOf(step(2))), { ...soon, timeout: 20_000 });
    reached(35, 'an overwriting with the same size and time of change read again');
  });
});
