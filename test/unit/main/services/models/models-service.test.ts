// Downloads and the pack in use over packs made of thin air: states told, nothing fetched unasked, a switch that fails changing nothing.
import { describe, expect, it, vi } from 'vitest';
import { toAppError } from '../../../../../main/inference/to-app-error.ts';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { silentLog } from '../../../../../main/platform/log.ts';
import type { SupervisorState } from '../../../../../main/platform/worker-lifecycle.ts';
import { createModelsService } from '../../../../../main/services/models/models-service.ts';
import { packChoice } from '../../../../../main/services/models/pack-choice.ts';
import type { FetchProgress, PackFiles, PackOnDisk } from '../../../../../main/services/models/pack-files.ts';
import { ModelError } from '../../../../../native-models/errors.ts';
import type { PackDownload } from '../../../../../preload/contract/models.ts';
import { openedPack } from '../../../../helpers/fake-inference.ts';

const described = { title: 'Pack', licence: 'MIT', notice: 'n', bytes: 2_000_000, problem: null, isRemovable: false };
const starter: PackOnDisk = { ...described, id: 'starter', revision: '1' };
const best: PackOnDisk = { ...described, id: 'best', revision: null };

interface Fetching {
  onProgress(progress: FetchProgress): void;
  end(error?: Error): void;
}

function setUp(
  options: { left?: { packId: string; doneBytes: number; totalBytes: number }[]; startedWith?: string } = {},
) {
  const events: string[] = [];
  const told: PackDownload[][] = [];
  const fetching: Fetching[] = [];
  const packs = new Map([starter, best].map((pack) => [pack.id, pack]));
  const stored: Record<string, unknown> = {};
  const failures: { use?: Error; write?: Error } = {};
  let states: SupervisorState[] = [];
  const files: PackFiles = {
    list: async () => [...packs.values()],
    async offeredBytes(packId) {
      if (packId === 'best' || packId === 'starter') return 100;
      throw new ModelError('model/missing', 'not offered');
    },
    unfinished: async () => options.left ?? [],
    fetch: (packId, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        events.push(`fetch ${packId}`);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        fetching.push({ onProgress, end: (error) => (error ? reject(error) : resolve()) });
      }),
    async publish(packId) {
      events.push(`publish ${packId}`);
      packs.set(packId, { ...best, id: packId, revision: '2', isRemovable: true });
    },
    discardFetched: async (packId) => void events.push(`discard ${packId}`),
    async remove(packId) {
      events.push(`remove ${packId}`);
      packs.set(packId, best);
    },
  };
  const db = {
    readSettings: async () => stored,
    async writeSettings({ values }: { values: Readonly<Record<string, unknown>> }) {
      if (failures.write) throw failures.write;
      Object.assign(stored, values);
      events.push('write');
    },
  };
  const choice = packChoice(db, 'starter');
  const models = createModelsService({
    files,
    choice,
    inference: {
      states: () => states,
      async usePack(packId, beforeSwitch) {
        events.push(`open ${packId}`);
        if (failures.use) throw failures.use;
        await beforeSwitch?.();
        events.push(`use ${packId}`);
        return { ...openedPack, id: packId };
      },
    },
    startedWith: options.startedWith ?? 'starter',
    async holdIndexing() {
      events.push('hold');
      return () => void events.push('release');
    },
    onSwitch: () => void events.push('switched'),
    toAppError,
    publish: (downloads) => void told.push(downloads),
    log: silentLog(),
  });
  const only = async () => (await models.downloads())[0];
  const report = async (id: string) => (await models.packs()).find((pack) => pack.id === id);
  const setStates = (next: SupervisorState[]) => {
    states = next;
  };
  return { models, events, told, fetching, packs, failures, choice, only, report, setStates };
}

describe('downloads', () => {
  it('run in the background, and tell each state', async () => {
    const { models, told, fetching, only, events, report } = setUp();
    expect(await models.downloads()).toEqual([]);
    await models.download('best');
    expect(await only()).toEqual({ packId: 'best', state: 'running', doneBytes: 0, totalBytes: 100, error: null });
    fetching[0]?.onProgress({ phase: 'fetching', doneBytes: 60 });
    fetching[0]?.onProgress({ phase: 'verifying', doneBytes: 100 });
    expect((await only())?.state).toBe('verifying');
    fetching[0]?.end();
    await vi.waitFor(async () => expect((await only())?.state).toBe('done'));
    expect(told.map(([one]) => `${one?.state} ${one?.doneBytes}`)).toEqual([
      'running 0',
      'running 60',
      'verifying 100',
      'done 100',
    ]);
    expect(events).toEqual(['fetch best', 'publish best']);
    expect(await report('best')).toMatchObject({ state: 'installed', revision: '2', active: false });
  });

  it('are begun once, however often they are asked for', async () => {
    const { models, events } = setUp();
    await Promise.all([models.download('best'), models.download('best')]);
    await models.download('best');
    expect(events).toEqual(['fetch best']);
  });

  it('rest and go on', async () => {
    const { models, fetching, only, events } = setUp();
    await models.download('best');
    fetching[0]?.onProgress({ phase: 'fetching', doneBytes: 60 });
    await models.pause('best');
    expect(await only()).toMatchObject({ state: 'paused', doneBytes: 60, error: null });
    await models.download('best');
    expect(await only()).toMatchObject({ state: 'running', doneBytes: 60 });
    expect(events).toEqual(['fetch best', 'fetch best']);
    await models.pause('starter');
  });

  it('of an earlier run wait for the person', async () => {
    const { only, events } = setUp({ left: [{ packId: 'best', doneBytes: 7, totalBytes: 100 }] });
    expect(await only()).toMatchObject({ packId: 'best', state: 'paused', doneBytes: 7 });
    expect(events).toEqual([]);
  });

  it('say why they failed, and can be tried again', async () => {
    const { models, fetching, only } = setUp();
    await models.download('best');
    fetching[0]?.end(new ModelError('model/checksum', 'a is not the file'));
    await vi.waitFor(async () => expect(await only()).toMatchObject({ state: 'failed', error: 'a is not the file' }));
    await models.download('best');
    expect(await only()).toMatchObject({ state: 'running', error: null });
    fetching[1]?.end(new TypeError('cannot read /home/me'));
    await vi.waitFor(async () => expect((await only())?.state).toBe('failed'));
    expect((await only())?.error).not.toContain('/home');
  });

  it('are refused for packs that nobody offers', async () => {
    const { models } = setUp();
    await expect(models.download('nothing')).rejects.toMatchObject({ code: 'model/missing', message: 'not offered' });
    expect(await models.downloads()).toEqual([]);
  });

  it('are discarded with what came', async () => {
    const { models, events, told } = setUp();
    await models.download('best');
    await models.discard('best');
    expect(events).toEqual(['fetch best', 'discard best']);
    expect(told.at(-1)).toEqual([]);
  });

  it('of an installed pack take it with them, unless it is in use', async () => {
    const { models, events, fetching, only, report } = setUp();
    await models.download('best');
    fetching[0]?.end();
    await vi.waitFor(async () => expect((await only())?.state).toBe('done'));
    await models.activate('best');
    await expect(models.discard('best')).rejects.toMatchObject({ code: 'input/invalid' });
    await models.activate('starter');
    await models.discard('best');
    expect(events.at(-1)).toBe('remove best');
    expect(await models.downloads()).toEqual([]);
    expect(await report('best')).toMatchObject({ state: 'available' });
  });

  it('stop with the application, without a word to those who listen', async () => {
    const { models, told, only } = setUp();
    await models.download('best');
    await models.close();
    expect(told).toHaveLength(1);
    expect((await only())?.state).toBe('paused');
    await models.download('best');
    expect((await only())?.state).toBe('paused');
  });
});

describe('the pack in use', () => {
  it('is exchanged only after the other one is known to work, with indexing at rest', async () => {
    const { models, events, choice, report } = setUp();
    await models.activate('best');
    expect(events).toEqual(['open best', 'hold', 'write', 'use best', 'switched', 'release']);
    expect(await choice.read()).toBe('best');
    expect((await report('starter'))?.active).toBe(false);
    expect((await report('best'))?.active).toBe(true);
  });

  it('stays where the other one cannot be opened, which is said of that one', async () => {
    const { models, events, choice, failures, report, packs } = setUp();
    packs.set('best', { ...best, revision: '2' });
    failures.use = new AppError('model/load', 'no kernel for ConvInteger');
    await expect(models.activate('best')).rejects.toMatchObject({ code: 'model/load' });
    expect(events).toEqual(['open best']);
    expect(await choice.read()).toBe('starter');
    expect(await report('best')).toMatchObject({
      state: 'damaged',
      problem: 'no kernel for ConvInteger',
      active: false,
    });
    expect(await report('starter')).toMatchObject({ state: 'installed', active: true });
    delete failures.use;
    await models.activate('best');
    expect(await report('best')).toMatchObject({ state: 'installed', problem: null, active: true });
  });

  it('stays where the choice cannot be kept, and indexing goes on', async () => {
    const { models, events, failures, report } = setUp();
    failures.write = new AppError('store/read-only', 'another Photoseek has the library open');
    await expect(models.activate('best')).rejects.toMatchObject({ code: 'store/read-only' });
    expect(events).toEqual(['open best', 'hold', 'release']);
    expect((await report('starter'))?.active).toBe(true);
  });

  it('is kept as the choice without being opened again', async () => {
    const { models, events } = setUp();
    await models.activate('starter');
    expect(events).toEqual(['write']);
  });

  it('is opened again where it could not be', async () => {
    const { models, events, setStates, report } = setUp();
    setStates([{ name: 'degraded', error: new AppError('model/checksum', 'image.onnx is damaged') }]);
    expect(await report('starter')).toMatchObject({ state: 'damaged', problem: 'image.onnx is damaged' });
    await models.activate('starter');
    expect(events).toContain('use starter');
    setStates([{ name: 'degraded', error: new AppError('inference/crashed', 'it ended three times') }]);
    expect((await report('starter'))?.state).toBe('installed');
  });

  it('is exchanged by one wish at a time', async () => {
    const { models, events } = setUp();
    await Promise.all([models.activate('best'), models.activate('starter')]);
    expect(events.filter((event) => event.startsWith('use'))).toEqual(['use best', 'use starter']);
    expect(events.indexOf('open starter')).toBeGreaterThan(events.indexOf('release'));
  });

  it('rests while a newer revision of it is put in place, and is opened anew', async () => {
    const { models, events, fetching, only } = setUp();
    await models.download('starter');
    fetching[0]?.end();
    await vi.waitFor(async () => expect((await only())?.state).toBe('done'));
    expect(events).toEqual([
      'fetch starter',
      'hold',
      'publish starter',
      'open starter',
      'use starter',
      'switched',
      'release',
    ]);
  });

  it('is told of even where it is not installed', async () => {
    const lost = await setUp({ startedWith: 'gone' }).models.packs();
    expect(lost.at(-1)).toMatchObject({ id: 'gone', active: true, state: 'damaged', revision: null });
    const offered = await setUp({ startedWith: 'best' }).models.packs();
    expect(offered).toHaveLength(2);
    expect(offered[1]).toMatchObject({ id: 'best', active: true, state: 'available' });
    expect(offered[1]?.problem).toContain('download it again');
  });

  it('is the default of the host until one was chosen', async () => {
    const stored: Record<string, unknown> = { 'models.pack': 5 };
    const db = {
      readSettings: async () => stored,
      writeSettings: async (input: { values: Readonly<Record<string, unknown>> }) =>
        void Object.assign(stored, input.values),
    };
    const choice = packChoice(db, 'starter');
    expect(await choice.read()).toBe('starter');
    await choice.write('best');
    expect(await choice.read()).toBe('best');
  });
});
