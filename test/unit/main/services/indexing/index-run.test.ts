// The run over lanes: every piece of work once, blame where it belongs, and a clean end whatever happens.
import { describe, expect, it } from 'vitest';
import type { OpenedPack } from '../../../../../main/inference/protocol.ts';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { type IndexRunParts, runIndexing } from '../../../../../main/services/indexing/index-run.ts';
import { createProgressMeter } from '../../../../../main/services/indexing/progress.ts';
import { stageVersions } from '../../../../../main/services/indexing/stage-versions.ts';
import { workLeft } from '../../../../../main/services/indexing/work-left.ts';
import { createWorkSignal } from '../../../../../main/services/indexing/work-signal.ts';
import { type FakeLane, type Fate, fakeLane, openedPack } from '../../../../helpers/fake-inference.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import type { FakeLibraryDb } from '../../../../helpers/fake-library-rows.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';

const wanted = stageVersions(openedPack);
const path = (index: number): string => `/photos/${index}.jpg`;
const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => path(index));

async function libraryOf(count: number): Promise<FakeLibraryDb> {
  const db = fakeLibraryDb();
  const { folder } = await db.registerFolder({ path: '/photos', now: 0 });
  const files = paths(count).map((_, index) => ({ relPath: `${index}.jpg`, sizeBytes: 10, mtimeMs: index, inode: '' }));
  await db.applyScan({ folderId: folder.id, scanId: 1, files, now: 0 });
  db.calls.length = 0;
  return db;
}

function setUp(db: FakeLibraryDb, options: { fates?: Fate[]; pack?: Partial<OpenedPack> } = {}) {
  const clock = manualClock();
  const lanes = (options.fates ?? [{}, {}]).map((fate) => fakeLane(fate));
  const progress = createProgressMeter({ now: clock.now });
  progress.phase('reading');
  const controller = new AbortController();
  const run = async (over: Partial<FakeLibraryDb> = {}, more: Partial<IndexRunParts> = {}): Promise<void> => {
    const left = await workLeft({ ...db, ...over }, wanted);
    progress.setLeft(left);
    await runIndexing(
      {
        db: { ...db, ...over },
        left,
        pack: { ...openedPack, ...options.pack },
        wanted,
        lanes,
        progress,
        now: clock.now,
        work: createWorkSignal(clock),
        ...more,
      },
      controller.signal,
    );
  };
  return { clock, lanes, progress, controller, run };
}

const analysedPaths = (lanes: readonly FakeLane[]): string[] =>
  lanes.flatMap((lane) => lane.analysed.flatMap((batch) => batch.map((request) => request.path)));
const isIdle = (db: FakeLibraryDb): boolean =>
  db.files.every((file) => file.state !== 'running') &&
  db.photos.every((photo) => [...photo.jobs.values()].every((job) => job.state !== 'running'));
const outcome = (db: FakeLibraryDb) => db.folderOutcome({ folderIds: [], wanted });
const pictureLost = { code: 'decode/corrupt', message: 'not a picture' } as const;

describe('runIndexing', () => {
  it('does every photo once, with both lanes at work', async () => {
    const db = await libraryOf(100);
    const { lanes, run, progress } = setUp(db);
    await run();
    expect(analysedPaths(lanes).toSorted()).toEqual(paths(100).toSorted());
    expect(lanes.map((lane) => lane.analysed.length > 2)).toEqual([true, true]);
    expect(await outcome(db)).toEqual({ files: 100, indexed: 100, failed: 0, pending: 0 });
    expect(progress.read()).toMatchObject({ phase: 'indexing', done: 100, failed: 0 });
    const photo = db.photos[0];
    expect([...(photo?.vectors.keys() ?? [])]).toEqual(['image tiny@1/image', 'caption tiny@1/sentence']);
    expect(photo?.captions).toHaveLength(2);
  });

  it('ends at once where there is nothing to do', async () => {
    const db = await libraryOf(0);
    const { lanes, run } = setUp(db);
    await run();
    expect(lanes.map((lane) => lane.identified.length + lane.analysed.length)).toEqual([0, 0]);
  });

  it('waits with an idle lane for what the other lane finds, and asks nothing meanwhile', async () => {
    const db = await libraryOf(1);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { lanes, run } = setUp(db, { fates: [{ before: () => held }, {}] });
    const done = run();
    await settled(3);
    const asked = db.calls.length;
    await settled();
    expect(db.calls).toHaveLength(asked);
    release();
    await done;
    expect(analysedPaths(lanes)).toEqual([path(0)]);
  });

  it('waits for the time of a retry by the clock, without asking meanwhile', async () => {
    const db = await libraryOf(3);
    let failures = 2;
    const away = (file: string) =>
      file === path(1) && failures-- > 0 ? ({ code: 'fs/unreadable', message: 'disk away' } as const) : undefined;
    const { clock, run } = setUp(db, { fates: [{ analyseFailure: away }, { analyseFailure: away }] });
    let ended = false;
    const done = run().then(() => {
      ended = true;
    });
    await settled();
    expect(clock.waiting()).toEqual([1_000, 1_000]);
    const asked = db.calls.length;
    await settled();
    expect(db.calls).toHaveLength(asked);
    clock.advance(1_000);
    await settled();
    expect(clock.waiting()).toEqual([2_000, 2_000]);
    clock.advance(1_999);
    await settled();
    expect(ended).toBe(false);
    clock.advance(1);
    await done;
    expect(await outcome(db)).toMatchObject({ indexed: 3, failed: 0 });
  });

  it('gives up on a passing state that lasts, and still ends', async () => {
    const db = await libraryOf(1);
    const { clock, run } = setUp(db, {
      fates: [{ identifyFailure: () => ({ code: 'fs/unreadable', message: 'disk away' }) }],
    });
    const done = run();
    for (let second = 0; second < 20; second++) {
      await settled(2);
      clock.advance(1_000);
    }
    await done;
    expect(await outcome(db)).toMatchObject({ failed: 1 });
  });

  it('poisons the one photo that ends the process, after two strikes, and does all the others', async () => {
    const db = await libraryOf(20);
    const fate = { endsAnalyse: new Set([path(7)]) };
    const { run } = setUp(db, { fates: [fate, fate] });
    await run();
    expect(await outcome(db)).toMatchObject({ indexed: 19, failed: 1 });
    expect(await db.failures({ folderIds: [], limit: 9 })).toMatchObject([{ path: path(7), code: 'decode/poison' }]);
    expect(db.calls.filter((call) => call === 'strikePhotos')).toHaveLength(2);
  });

  it('does the same for a file that ends the process while it is identified', async () => {
    const db = await libraryOf(20);
    const { run } = setUp(db, { fates: [{ endsIdentify: new Set([path(3)]) }] });
    await run();
    expect(await outcome(db)).toMatchObject({ indexed: 19, failed: 1 });
    expect(await db.failures({ folderIds: [], limit: 9 })).toMatchObject([{ path: path(3), code: 'decode/poison' }]);
  });

  it('records why a picture cannot be read and goes on', async () => {
    const db = await libraryOf(10);
    const { run, progress } = setUp(db, {
      fates: [
        {
          identifyFailure: (file) => (file === path(1) ? { code: 'decode/empty', message: 'is empty' } : undefined),
          analyseFailure: (file) => (file === path(2) ? pictureLost : undefined),
        },
      ],
    });
    await run();
    expect(await outcome(db)).toEqual({ files: 10, indexed: 8, failed: 2, pending: 0 });
    expect(await db.failures({ folderIds: [], limit: 9 })).toEqual([
      { path: path(1), code: 'decode/empty', message: 'is empty' },
      { path: path(2), ...pictureLost },
    ]);
    expect(progress.read()).toMatchObject({ done: 8, failed: 2 });
  });

  it.each(['fails', 'crashes'])('keeps the person’s words about a picture that %s', async (how) => {
    const db = await libraryOf(2);
    await setUp(db).run();
    for (const photo of db.photos) {
      photo.jobs.clear();
      await db.setOwnCaptions({ photoId: photo.id, texts: ['my dog', 'in the snow'], now: 0 });
    }
    const fate = how === 'fails' ? { analyseFailure: () => pictureLost } : { endsAnalyse: new Set(paths(2)) };
    await setUp(db, { fates: [fate] }).run();
    for (const photo of db.photos) {
      expect(photo.jobs.get('own')?.state).toBe('done');
      expect(photo.jobs.get('look')?.state).toBe('failed');
      expect(photo.vectors.get('own tiny@1/sentence')?.data).toHaveLength(2);
    }
  });

  it('reads no pixels again for new words alone', async () => {
    const db = await libraryOf(3);
    await setUp(db).run();
    await db.setOwnCaptions({ photoId: 2, texts: ['my dog'], now: 0 });
    const { lanes, run } = setUp(db);
    await run();
    expect(analysedPaths(lanes)).toEqual([]);
    expect(db.photos[1]?.jobs.get('own')?.state).toBe('done');
    expect(db.photos[1]?.captions).toHaveLength(2);
  });

  it('makes vector and caption from one image run while the backlog is small', async () => {
    const db = await libraryOf(40);
    const { lanes, run } = setUp(db);
    await run();
    for (const request of lanes.flatMap((lane) => lane.analysed.flat())) {
      expect(request).toMatchObject({ embedding: true, caption: true, thumbnail: true });
    }
  });

  it.each([
    { name: 'the backlog is large', backlog: 20_000, pack: {} },
    { name: 'the captioner does not share the image run', backlog: 30, pack: { sharesImageRun: false } },
  ])('makes all vectors before any caption where $name', async ({ backlog, pack }) => {
    const count = 30;
    const db = await libraryOf(count);
    const { lanes, run } = setUp(db, { fates: [{}], pack });
    await run({ counts: async (input) => ({ ...(await db.counts(input)), unidentified: backlog }) });
    const kinds = (lanes[0]?.analysed ?? []).flat().map((request) => (request.embedding ? 'look' : 'caption'));
    expect(kinds).toEqual([...new Array(count).fill('look'), ...new Array(count).fill('caption')]);
    expect(await outcome(db)).toMatchObject({ indexed: count });
  });

  it('never shows more done than there is while photos are done in two steps, and counts each once', async () => {
    const db = await libraryOf(30);
    const seen: { done: number; failed: number; total: number }[] = [];
    const { run, progress } = setUp(db, {
      fates: [{ before: () => void seen.push(progress.read()) }],
      pack: { sharesImageRun: false },
    });
    await run();
    seen.push(progress.read());
    for (const { done, failed, total } of seen) expect(done + failed).toBeLessThanOrEqual(total);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ done: 30, failed: 0, total: 30 });
    expect(seen.some(({ done }) => done > 0 && done < 15)).toBe(true);
  });

  it('shows the first photos before a model is used, and makes each thumbnail once', async () => {
    const db = await libraryOf(40);
    const { lanes, run } = setUp(db, { fates: [{}] });
    await run({}, { lookFirst: 20 });
    const batches = lanes[0]?.analysed ?? [];
    const usesModel = batches.map((batch) => batch.some(({ embedding, caption }) => embedding || caption));
    expect(usesModel.slice(0, 4)).toEqual([false, false, false, true]);
    const thumbnails = batches.flatMap((batch) => batch.filter(({ thumbnail }) => thumbnail).map(({ path }) => path));
    expect(thumbnails.toSorted()).toEqual(paths(40).toSorted());
    expect(await outcome(db)).toMatchObject({ indexed: 40, pending: 0 });
  });

  it('passes over what cannot be shown at first, and blames it with the work of the models', async () => {
    const db = await libraryOf(20);
    const broken = (file: string) => (file === path(3) ? pictureLost : undefined);
    const fate = { endsAnalyse: new Set([path(12)]), analyseFailure: broken };
    const { run } = setUp(db, { fates: [fate] });
    await run({}, { lookFirst: 16 });
    expect(await outcome(db)).toEqual({ files: 20, indexed: 18, failed: 2, pending: 0 });
    expect(db.photos.filter(({ thumbnail }) => thumbnail).length).toBe(18);
  });

  it('looks at the first photos before it captions any, where somebody waits to see them', async () => {
    const db = await libraryOf(40);
    const { lanes, run } = setUp(db, { fates: [{}] });
    await run({}, { lookFirst: 10 });
    const captioned = (lanes[0]?.analysed ?? []).map((batch) => batch.some((request) => request.caption));
    expect(captioned.indexOf(true)).toBeGreaterThanOrEqual(2);
    expect(await outcome(db)).toMatchObject({ indexed: 40, pending: 0 });
  });

  it('waits with idle lanes for what is still being found', async () => {
    const db = await libraryOf(1);
    const clock = manualClock();
    const work = createWorkSignal(clock);
    let fed = true;
    let ended = false;
    const { run, lanes } = setUp(db);
    const done = run({}, { work, isFed: () => fed }).then(() => {
      ended = true;
    });
    await settled();
    expect([ended, analysedPaths(lanes).length]).toEqual([false, 1]);
    const file = { relPath: '9.jpg', sizeBytes: 10, mtimeMs: 9, inode: '' };
    await db.applyScan({ folderId: 1, scanId: 2, files: [file], now: 0 });
    work.announce();
    await settled();
    expect([ended, analysedPaths(lanes).length]).toEqual([false, 2]);
    fed = false;
    work.announce();
    await done;
  });

  it('rests between two pieces of work in proportion to them', async () => {
    const db = await libraryOf(20);
    const { clock, run } = setUp(db, { fates: [{ before: () => clock.advance(200) }] });
    const done = run({}, { restShare: 1.5, work: createWorkSignal(clock) });
    await settled();
    expect(clock.waiting()).toEqual([300]);
    for (let turn = 0; turn < 40; turn++) {
      clock.advance(300);
      await settled(2);
    }
    await done;
  });

  it('does not wait with results until every file has been read', async () => {
    const db = await libraryOf(400);
    const { run } = setUp(db, { fates: [{}] });
    await run();
    const reads = db.calls.lastIndexOf('identifyFiles');
    expect(db.calls.indexOf('completePhotos')).toBeLessThan(reads);
  });

  it('stops all lanes at a fatal store error, says that one, and frees what was claimed', async () => {
    const db = await libraryOf(200);
    const { lanes, run } = setUp(db);
    const full = new AppError('store/disk-full', 'the disk is full; free some space');
    let writes = 0;
    const completePhotos: FakeLibraryDb['completePhotos'] = (input) =>
      ++writes > 2 ? Promise.reject(full) : db.completePhotos(input);
    await expect(run({ completePhotos })).rejects.toBe(full);
    expect(isIdle(db)).toBe(true);
    const stopped = lanes.flatMap((lane) => lane.analysed).length;
    await settled();
    expect(lanes.flatMap((lane) => lane.analysed)).toHaveLength(stopped);
    expect(stopped).toBeLessThan(8);
  });

  it('says the first error even where the claims cannot be freed either', async () => {
    const db = await libraryOf(1);
    const full = new AppError('store/disk-full', 'the disk is full; free some space');
    const { run } = setUp(db);
    const over = {
      completePhotos: () => Promise.reject(full),
      releaseClaims: () => Promise.reject(new AppError('store/failed', 'nor this')),
    };
    await expect(run(over)).rejects.toBe(full);
  });

  it('stops with the models’ own error instead of blaming photos', async () => {
    const db = await libraryOf(5);
    const { run } = setUp(db, {
      fates: [
        {
          before: (call) => {
            if (call === 'analyse') throw new AppError('inference/unavailable', 'does not start');
          },
        },
      ],
    });
    await expect(run()).rejects.toMatchObject({ code: 'inference/unavailable' });
    expect(await outcome(db)).toMatchObject({ failed: 0, pending: 5 });
    expect(isIdle(db)).toBe(true);
  });

  it('stops cleanly when cancelled, keeps what was stored, and the next run goes on', async () => {
    const db = await libraryOf(60);
    const first = setUp(db);
    let batches = 0;
    const completePhotos: FakeLibraryDb['completePhotos'] = async (input) => {
      await db.completePhotos(input);
      if (++batches === 2) first.controller.abort();
    };
    await expect(first.run({ completePhotos })).rejects.toMatchObject({ name: 'CancelledError' });
    expect(isIdle(db)).toBe(true);
    const before = await outcome(db);
    expect(before.indexed).toBeGreaterThanOrEqual(8);
    expect(before.pending).toBeGreaterThan(0);
    const next = setUp(db);
    await next.run();
    expect(await outcome(db)).toMatchObject({ indexed: 60, pending: 0 });
    expect(analysedPaths(next.lanes)).toHaveLength(60 - before.indexed);
  });

  it('does not start where it is cancelled already', async () => {
    const db = await libraryOf(2);
    const { lanes, run, controller } = setUp(db);
    controller.abort();
    await expect(run()).rejects.toMatchObject({ name: 'CancelledError' });
    expect(lanes.map((lane) => lane.identified.length)).toEqual([0, 0]);
  });

  it.each(['identify', 'analyse'])('blames nobody for a process that ends while stopping, in %s', async (call) => {
    const db = await libraryOf(1);
    const { run, controller } = setUp(db, {
      fates: [
        {
          before(name) {
            if (name !== call) return;
            controller.abort();
            throw new AppError('inference/crashed', 'a worker ended (SIGINT)');
          },
        },
      ],
    });
    await expect(run()).rejects.toMatchObject({ name: 'CancelledError' });
    expect(db.calls.filter((name) => name.startsWith('strike'))).toEqual([]);
    expect(isIdle(db)).toBe(true);
  });
});
