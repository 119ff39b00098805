// Broken and lying pictures in the real child that decodes: none ends it, none takes long or much memory, each has a state.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InferenceInit, InferenceService } from '../../main/inference/protocol.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { type Supervised, supervise } from '../../main/platform/supervisor.ts';
import type { WorkerPort } from '../../main/platform/worker-port.ts';
import { spawnInference } from '../helpers/application.ts';
import { repository, tinyModels } from '../helpers/cli.ts';
import { figure, reached } from '../helpers/figure.ts';
import { patchesJpeg, pngClaiming, seededRandom } from '../helpers/photo-fixtures.ts';

const mutations = figure(10_000, 200_000);
const mostBytes = 1e9;
const mostMs = 20_000;
const states = ['whole', 'damaged', 'decode/corrupt', 'decode/unsupported', 'decode/too-large', 'decode/empty'];
const robustness = join(repository, '../shared/data/robustness');
const folders = ['broken', 'fuzz', 'odd-but-valid', 'raw-headers', 'orientation', 'good-metadata'];

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'photoseek-hostile-'));
const seen = { ended: 0, slowestMs: 0, peakBytes: 0 };
const ports: WorkerPort[] = [];
let child: Supervised<InferenceService>;

beforeAll(async () => {
  const init: InferenceInit = { packFolders: [tinyModels], packId: 'tiny-starter', threads: 1 };
  child = supervise<InferenceService>({
    name: 'child',
    spawn() {
      const port = spawnInference();
      port.onExit(() => seen.ended++);
      ports.push(port);
      return port;
    },
    init: () => init,
    codes: { gone: 'inference/crashed', late: 'inference/timeout' },
    clock: systemClock,
  });
  await child.start();
});
afterAll(async () => {
  await child.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** The most that the child ever held, from the kernel's own count; 0 where it keeps none. */
function peakBytes(): number {
  const path = `/proc/${ports.at(-1)?.pid}/status`;
  if (!existsSync(path)) return 0;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) * 1024;
}

/** Identified and decoded, as a photo is that is looked at; the worse of the two is its state. */
async function statesOf(paths: readonly string[]): Promise<string[]> {
  const startedAt = performance.now();
  const identified = await child.remote.identify({ paths }, { timeoutMs: mostMs * paths.length });
  const photos = paths.map((path) => ({ path, sha256: null, thumbnail: true, embedding: false, caption: false }));
  const analysed = await child.remote.analyse({ photos }, { timeoutMs: mostMs * paths.length });
  if (paths.length === 1) seen.slowestMs = Math.max(seen.slowestMs, performance.now() - startedAt);
  seen.peakBytes = Math.max(seen.peakBytes, peakBytes());
  return analysed.map((outcome, index) => {
    const before = identified[index];
    if (before && !before.ok) return before.error.code;
    if (!outcome.ok) return outcome.error.code;
    return outcome.value.damaged ? 'damaged' : 'whole';
  });
}

function counted(list: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of list) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function expectCalm(): void {
  expect(seen.ended).toBe(0);
  expect(seen.peakBytes).toBeLessThan(mostBytes);
  expect(seen.slowestMs).toBeLessThan(mostMs);
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(tsv|txt)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function originals(): Promise<Buffer[]> {
  const jpeg = await patchesJpeg(3, 24);
  const picture = () => sharp(jpeg);
  return Promise.all([
    picture().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    picture().jpeg({ progressive: true }).toBuffer(),
    picture().png().toBuffer(),
    picture().png({ progressive: true, palette: true }).toBuffer(),
    picture().webp().toBuffer(),
    picture().gif().toBuffer(),
    picture().tiff({ compression: 'lzw' }).toBuffer(),
    picture().avif({ effort: 0 }).toBuffer(),
  ]);
}

/** A byte flipped, a piece cut off or doubled, or lies in the header, where most of what a decoder believes is said. */
function mutate(original: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(original);
  const kind = Math.floor(random() * 4);
  if (kind === 0) return bytes.subarray(0, Math.ceil(random() * bytes.length));
  if (kind === 1) {
    const at = Math.floor(random() * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(random() * at))]);
  }
  const reach = kind === 2 ? bytes.length : Math.min(200, bytes.length);
  for (let edits = 1 + Math.floor(random() * 6); edits > 0; edits--) {
    const at = Math.floor(random() * reach);
    bytes[at] = random() < 0.3 ? 0xff : Math.floor(random() * 256);
  }
  return bytes;
}

async function bombs(): Promise<Record<string, Buffer>> {
  const progressive = await sharp(await patchesJpeg(5, 64))
    .jpeg({ progressive: true })
    .toBuffer();
  const header = progressive.indexOf(Buffer.from([0xff, 0xc2]));
  for (const side of [header + 5, header + 7]) progressive.writeUInt16BE(16_000, side);
  const interlaced = pngClaiming(16_000, 16_000);
  interlaced[28] = 1;
  return { 'progressive.jpg': progressive, 'interlaced.png': interlaced, 'wide.png': pngClaiming(2_000_000_000, 1) };
}

describe('promise 38: a hostile picture cannot hurt', () => {
  it('headers that claim 256 million pixels of a few kilobytes are refused at once', async () => {
    const files = Object.entries(await bombs()).map(([name, bytes]) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    });
    for (const file of files) expect((await statesOf([file]))[0]).toMatch(/^decode\/(corrupt|too-large)$/);
    expectCalm();
    expect(seen.peakBytes).toBeLessThan(mostBytes / 2);
  });

  it.skipIf(!existsSync(robustness))(
    'every file of the public collections has a state',
    { timeout: 180_000 },
    async () => {
      const files = folders.flatMap((name) => filesBelow(join(robustness, name)));
      const found: string[] = [];
      for (const file of files) found.push(...(await statesOf([file])));
      expect(found.filter((state) => !states.includes(state))).toEqual([]);
      expectCalm();
      reached(
        38,
        `${files.length} public files, slowest ${Math.round(seen.slowestMs)} ms, peak ${Math.round(seen.peakBytes / 1e6)} MB`,
      );
    },
  );

  it(`each of ${mutations} mutated pictures has a state`, { timeout: 60_000 + mutations * 20 }, async () => {
    const sources = await originals();
    const random = seededRandom(38);
    const found: string[] = [];
    const inner = join(folder, 'mutated');
    mkdirSync(inner);
    const portion = 250;
    for (let done = 0; done < mutations; done += portion) {
      const paths = Array.from({ length: Math.min(portion, mutations - done) }, (_, index) =>
        join(inner, `${index}.jpg`),
      );
      for (const path of paths)
        writeFileSync(path, mutate(sources[Math.floor(random() * sources.length)] as Buffer, random));
      found.push(...(await statesOf(paths)));
    }
    const counts = counted(found);
    expect(Object.keys(counts).filter((state) => !states.includes(state))).toEqual([]);
    expect(found).toHaveLength(mutations);
    // Mutations that are all refused at the door, or all harmless, would try nothing.
    for (const state of ['whole', 'damaged', 'decode/corrupt']) expect(counts[state]).toBeGreaterThan(mutations / 100);
    expectCalm();
    reached(
      38,
      `${mutations} mutations, ${JSON.stringify(counts)}, 0 ends, peak ${Math.round(seen.peakBytes / 1e6)} MB`,
    );
  });
});
