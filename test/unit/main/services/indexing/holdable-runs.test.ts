// Runs of indexing that rest unseen while something is exchanged under them.
import { expect, it } from 'vitest';
import { AppError, CancelledError } from '../../../../../main/platform/app-error.ts';
import { holdableRuns } from '../../../../../main/services/indexing/holdable-runs.ts';
import type { IndexingOutcome } from '../../../../../main/services/indexing/indexing-service.ts';
import { settled } from '../../../../helpers/manual-clock.ts';

const outcome: IndexingOutcome = {
  photos: { found: 1, indexed: 1, unchanged: 0, failed: 0 },
  failures: [],
  seconds: 1,
};
const input = { folderIds: [] };

function setUp() {
  const runs: { end(error?: Error): void; readonly signal: AbortSignal }[] = [];
  const indexing = holdableRuns({
    run: (_input, { signal }) =>
      new Promise((resolve, reject) => {
        runs.push({ signal, end: (error) => (error ? reject(error) : resolve(outcome)) });
        signal.addEventListener('abort', () => reject(new CancelledError()), { once: true });
      }),
  });
  return { runs, indexing };
}

it('cuts a run short and begins it again afterwards, and its caller hears of the end alone', async () => {
  const { runs, indexing } = setUp();
  const run = indexing.run(input, { signal: new AbortController().signal });
  const release = await indexing.hold();
  expect(runs[0]?.signal.aborted).toBe(true);
  await settled();
  expect(runs).toHaveLength(1);
  release();
  await settled();
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  expect(await run).toEqual(outcome);
});

it('begins nothing until the last holder is done', async () => {
  const { runs, indexing } = setUp();
  const releases = [await indexing.hold(), await indexing.hold()];
  const run = indexing.run(input, { signal: new AbortController().signal });
  releases[0]?.();
  releases[0]?.();
  await settled();
  expect(runs).toHaveLength(0);
  releases[1]?.();
  await settled();
  runs[0]?.end();
  expect(await run).toEqual(outcome);
});

it('ends for its caller while it is held, and with its own errors', async () => {
  const { runs, indexing } = setUp();
  const stop = new AbortController();
  const release = await indexing.hold();
  const held = indexing.run(input, { signal: stop.signal });
  stop.abort();
  await expect(held).rejects.toBeInstanceOf(CancelledError);
  await expect(indexing.run(input, { signal: stop.signal })).rejects.toBeInstanceOf(CancelledError);
  release();
  const failed = indexing.run(input, { signal: new AbortController().signal });
  await settled();
  runs[0]?.end(new AppError('store/disk-full', 'full'));
  await expect(failed).rejects.toMatchObject({ code: 'store/disk-full' });
  expect(runs).toHaveLength(1);
});
