// The search process is ended in the middle of questions, as bad native code would end it: the answers come all the same, and the fourth time the person is asked.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { forkWorker, type WorkerPort } from '../../main/platform/worker-port.ts';
import { createSearchProcess, type SearchProcess } from '../../main/vectors/search-process.ts';
import { reached } from '../helpers/figure.ts';
import { imageModel, libraryOf, resultOf, unitVector } from '../helpers/library-db.ts';

const id = { kind: 'image', modelId: imageModel } as const;
const photos = 60;
/** The promise, for a computer that has time for us. */
const patienceMs = 2_000;
/** Beside other work it is measured in starts of an empty process, of which a restart costs about ten. */
const patienceStarts = 20;

/** Milliseconds that a process with nothing in it takes from start to end, now. */
function emptyProcessMs(): number {
  const start = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - start;
}

async function searched(): Promise<{ search: SearchProcess; ports: WorkerPort[]; photoIds: readonly number[] }> {
  const { db, folder, photoIds } = await libraryOf(Array.from({ length: photos }, (_, i) => `${i}.jpg`));
  await db.completePhotos({ results: photoIds.map((photoId) => resultOf(photoId)), now: 4_000 });
  const ports: WorkerPort[] = [];
  const search = createSearchProcess({
    libraryFolder: folder,
    spawn() {
      // Compiled sources are kept, as by the command line and the hosts.
      const NODE_COMPILE_CACHE = join(tmpdir(), 'photoseek-compiled');
      const env = { PHOTOSEEK_GRAPH_FROM: '10', PHOTOSEEK_ROWS_FROM: '10', NODE_COMPILE_CACHE };
      const port = forkWorker(new URL('../../main/entry/search.ts', import.meta.url), { env });
      ports.push(port);
      return port;
    },
  });
  onTestFinished(() => search.shutdown());
  return { search, ports, photoIds };
}

const alike = (search: SearchProcess, photoId: number) => search.similar({ ...id, photoId, limit: photos });
const ranked = (search: SearchProcess) =>
  search.candidates({ queries: [{ ...id, vector: unitVector(3), limit: 10 }], include: [], exact: 10 });

/** Ends the process while it has a question in hand: it is stopped first, so that it cannot have answered. */
function crashDuring<T>(port: WorkerPort | undefined, ask: () => Promise<T>): Promise<T> {
  const pid = port?.pid;
  if (pid === undefined) throw new Error('there is no process to be ended');
  process.kill(pid, 'SIGSTOP');
  const answer = ask();
  // The question is sent with the next turn.
  setImmediate(() => {
    process.kill(pid, 'SIGSEGV');
    process.kill(pid, 'SIGCONT');
  });
  return answer;
}

describe('promise 33: a crash of the index does not take the application', () => {
  it('answers by exact scan within two seconds of each of three crashes, and asks before a fourth restart', {
    timeout: 120_000,
  }, async () => {
    const { search, ports, photoIds } = await searched();
    const [first = 0] = photoIds;
    await search.warm({ models: [id] });
    await alike(search, first);
    await vi.waitFor(
      async () => expect(await search.status({})).toMatchObject([{ graph: { state: 'ready' } }]),
      10_000,
    );
    const before = { alike: await alike(search, first), ranked: await ranked(search) };
    const tookMs: number[] = [];
    const allowedMs: number[] = [];
    for (let crash = 1; crash <= 3; crash++) {
      const start = performance.now();
      const ask = crash === 2 ? ranked : (asked: SearchProcess) => alike(asked, first);
      const answer = await crashDuring<unknown>(ports.at(-1), () => ask(search));
      tookMs.push(performance.now() - start);
      allowedMs.push(Math.max(patienceMs, patienceStarts * emptyProcessMs()));
      expect(answer).toEqual(crash === 2 ? before.ranked : before.alike);
      expect(ports).toHaveLength(crash + 1);
      expect(search.state().name).toBe('ready');
    }
    for (const [i, took] of tookMs.entries()) expect(took).toBeLessThan(allowedMs[i] as number);
    // What may have ended it is not used again.
    expect(await search.status({})).toMatchObject([{ rows: photos, graph: null }]);
    await expect(crashDuring(ports.at(-1), () => ranked(search))).rejects.toMatchObject({ code: 'vectors/failed' });
    expect(search.state()).toMatchObject({ name: 'degraded' });
    expect(ports).toHaveLength(4);
    search.restart();
    expect(await alike(search, first)).toEqual(before.alike);
    reached(
      33,
      `3 crashes in the middle of questions, answers after ${tookMs.map(Math.round).join(', ')} ms (allowed ${allowedMs.map(Math.round).join(', ')}); the 4th asks`,
    );
  });

  it('throws a saved graph away after the first crash and builds it anew', { timeout: 90_000 }, async () => {
    const { search, ports, photoIds } = await searched();
    const [first = 0] = photoIds;
    await search.warm({ models: [id] });
    await crashDuring(ports.at(-1), () => alike(search, first));
    await vi.waitFor(async () => {
      const [space] = await search.status({});
      expect(space?.graph).toMatchObject({ state: 'ready', problem: expect.stringContaining('ended') });
    }, 40_000);
  });
});
