// The owner's side of the search process: what a new process is told of the crashes before it.
import { expect, it, onTestFinished } from 'vitest';
import { serveSupervised } from '../../../../main/platform/handshake.ts';
import { portPair, type WorkerPort } from '../../../../main/platform/worker-port.ts';
import { createSearchProcess, type SearchProcessInit } from '../../../../main/vectors/search-process.ts';
import type { WatchedIndex } from '../../../../main/vectors/vector-index.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';

function setUp() {
  const clock = manualClock();
  const told: SearchProcessInit['graph'][] = [];
  const ports: WorkerPort[] = [];
  const search = createSearchProcess({
    libraryFolder: 'library',
    clock,
    spawn() {
      const { owner, worker } = portPair();
      ports.push(owner);
      serveSupervised<SearchProcessInit, Pick<WatchedIndex, 'status'>>(worker, async ({ graph }) => {
        told.push(graph);
        return { service: { status: async () => [] }, methods: ['status'] };
      });
      return owner;
    },
  });
  onTestFinished(() => search.shutdown());
  return {
    clock,
    told,
    search,
    async crash() {
      ports.at(-1)?.kill();
      await settled();
      clock.advance(2_000);
      await settled();
    },
  };
}

it('doubts the saved graph after a crash, and keeps none after more of them in a short while', async () => {
  const { told, search, crash } = setUp();
  await search.status({});
  await crash();
  await crash();
  await crash();
  expect(told).toEqual(['on', 'suspect', 'off', 'off']);
  await crash();
  expect(search.state().name).toBe('degraded');
  search.restart();
  await search.status({});
  expect(told.at(-1)).toBe('on');
});

it('forgets crashes that are long past', async () => {
  const { told, search, clock, crash } = setUp();
  await search.status({});
  for (let hour = 0; hour < 3; hour++) {
    clock.advance(3_600_000);
    await crash();
  }
  expect(told).toEqual(['on', 'suspect', 'suspect', 'suspect']);
});
