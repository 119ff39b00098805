// The contract's cases, to be run over each transport: for every method a valid, an invalid, a cancelled and a peer-gone case. Test processes.
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError, CancelledError } from '../../main/platform/app-error.ts';
import { CallCancelled, CallError, createClient, type FrameTransport } from '../../preload/contract/client.ts';
import type { CallContext } from '../../preload/contract/define.ts';
import { contract, type PhotosHandlers } from '../../preload/contract/index.ts';
import {
  type AnyHandler,
  contractMethods,
  fakeHandlers,
  type MethodName,
  sampleOutputs,
} from '../helpers/fake-handlers.ts';
import { settled } from '../helpers/manual-clock.ts';

type Call = (input: unknown, options?: { signal?: AbortSignal }) => Promise<unknown>;

/** One transport with an application behind it. */
export interface TransportUnderTest {
  readonly transport: FrameTransport;
  /** Cuts the line for good, as by a page that closes; the calls it owes are failed. */
  disconnect(): void | Promise<void>;
}

export interface ContractSuiteOptions {
  connect(handlers: PhotosHandlers, local: boolean): Promise<TransportUnderTest>;
  /** Whether this transport may be one of the person's own terminal, with methods that take paths. */
  readonly mayBeLocal: boolean;
}

interface Cases {
  readonly valid: object;
  /** What the handler gets of `valid`, defaults filled in. */
  readonly parsed: object;
  readonly invalid: readonly unknown[];
}

const evaluation = { images: '/i', captions: '/c.tsv' };
const nothing: Cases = { valid: {}, parsed: {}, invalid: [] };
const onePhoto: Cases = {
  valid: { photoId: 7 },
  parsed: { photoId: 7 },
  invalid: [{}, { photoId: 0 }, { photoId: '7' }, { photoId: 1.5 }, { path: '/photos/a.jpg' }],
};
const oneFolder: Cases = {
  valid: { folderId: 1 },
  parsed: { folderId: 1 },
  invalid: [{}, { folderId: -1 }, { folderId: '/photos' }],
};
const someFiles: Cases = {
  valid: { fileIds: [3] },
  parsed: { fileIds: [3] },
  invalid: [{ fileIds: [] }, { fileIds: ['/photos/b.jpg'] }, {}],
};
const onePack: Cases = {
  valid: { packId: 'tiny' },
  parsed: { packId: 'tiny' },
  invalid: [{}, { packId: '../tiny' }, { packId: '' }, { packId: 'x'.repeat(41) }],
};
const cases: Record<MethodName, Cases> = {
  'care.backUp': nothing,
  'care.verify': nothing,
  'care.exportOwn': nothing,
  'care.restore': { valid: {}, parsed: { from: null }, invalid: [{ from: 7 }, { from: '' }, { folder: '/lib' }] },
  'library.revision': nothing,
  'library.cells': {
    valid: { photoIds: [7] },
    parsed: { photoIds: [7] },
    invalid: [{ photoIds: [] }, { photoIds: [0] }, { photoIds: new Array(501).fill(1) }],
  },
  'library.photo': onePhoto,
  'library.setCaption': {
    valid: { photoId: 7, text: ' a dog ' },
    parsed: { photoId: 7, text: 'a dog' },
    invalid: [{ photoId: 7 }, { photoId: 7, text: '  ' }, { photoId: 7, text: 'x'.repeat(2001) }],
  },
  'library.setFavourite': {
    valid: { photoIds: [7], favourite: true },
    parsed: { photoIds: [7], favourite: true },
    invalid: [{ photoIds: [7] }, { photoIds: [], favourite: true }, { photoIds: [7], favourite: 1 }],
  },
  'library.folders': nothing,
  'library.addPlace': {
    valid: { placeId: 'p1' },
    parsed: { placeId: 'p1' },
    invalid: [{}, { placeId: 'x'.repeat(201) }, { path: '/photos' }],
  },
  'library.addSamplePhotos': nothing,
  'library.removeFolder': oneFolder,
  'library.restoreFolder': { ...oneFolder, invalid: [...oneFolder.invalid, { path: '/photos' }] },
  'library.setExclude': {
    valid: { folderId: 1, exclude: ['*.tmp'] },
    parsed: { folderId: 1, exclude: ['*.tmp'] },
    invalid: [{ folderId: 1 }, { folderId: 1, exclude: [''] }, { folderId: 1, exclude: new Array(101).fill('a') }],
  },
  'library.settleVanished': {
    valid: { folderId: 1, gone: true },
    parsed: { folderId: 1, gone: true },
    invalid: [{ folderId: 1 }, { gone: true }, { folderId: 1, gone: 'yes' }],
  },
  'library.failures': { valid: {}, parsed: { limit: 200 }, invalid: [{ limit: 0 }, { limit: 1001 }] },
  'library.retryFailures': someFiles,
  'library.ignoreFailures': {
    valid: { ...someFiles.valid, ignored: false },
    parsed: { ...someFiles.parsed, ignored: false },
    invalid: [someFiles.valid, { ...someFiles.valid, ignored: 0 }, { ignored: true }],
  },
  'library.addFolders': {
    valid: { paths: ['/photos'] },
    parsed: { paths: ['/photos'] },
    invalid: [{ paths: [] }, { paths: [''] }, { paths: '/photos' }, { paths: ['x'.repeat(4097)] }],
  },
  'library.status': {
    valid: {},
    parsed: { failureLimit: 100 },
    invalid: [{ failureLimit: -1 }, { failureLimit: 1.5 }],
  },
  'library.showPhoto': { valid: { path: 'a' }, parsed: { path: 'a' }, invalid: [{}, { path: '' }, { path: 7 }] },
  'indexing.run': { valid: {}, parsed: { folderIds: [] }, invalid: [{ folderIds: ['1'] }, { folderIds: [0.5] }] },
  'indexing.progress': nothing,
  'indexing.rescan': { valid: {}, parsed: { folderIds: [] }, invalid: [{ folderIds: ['1'] }, { folderIds: 1 }] },
  'indexing.setPaused': { valid: { paused: true }, parsed: { paused: true }, invalid: [{}, { paused: 'yes' }] },
  'indexing.captionFiles': {
    valid: { paths: ['a'] },
    parsed: { paths: ['a'] },
    invalid: [{ paths: [] }, { paths: [1] }],
  },
  'search.rank': {
    valid: { text: 'snow' },
    parsed: { text: 'snow', mode: 'fused', limit: 500, cut: false },
    invalid: [{ text: 'x'.repeat(501) }, { text: 'x', mode: 'best' }, { text: 'x', limit: 5001 }, {}],
  },
  'search.explain': {
    valid: { text: 'a dog', photoId: 7 },
    parsed: { text: 'a dog', photoId: 7, mode: 'fused', region: true },
    invalid: [{ text: 'a dog' }, { text: 'a dog', photoId: 7, region: 1 }, { text: 'x'.repeat(501), photoId: 7 }],
  },
  'search.suggest': {
    valid: { text: 'dogs par', caret: 8 },
    parsed: { text: 'dogs par', caret: 8, limit: 8 },
    invalid: [
      { text: 'dogs' },
      { text: 'x'.repeat(501), caret: 0 },
      { text: 'x', caret: -1 },
      { text: 'x', caret: 1, limit: 21 },
    ],
  },
  'search.similar': {
    valid: { photoId: 7 },
    parsed: { photoId: 7, limit: 24 },
    invalid: [{}, { photoId: 0 }, { photoId: 7, limit: 501 }],
  },
  'search.find': {
    valid: { text: 'snow' },
    parsed: { text: 'snow', mode: 'fused', limit: 20 },
    invalid: [
      { text: 'x'.repeat(501) },
      { text: 'x', mode: 'best' },
      { text: 'x', limit: 0 },
      { text: 'x', limit: 1001 },
    ],
  },
  'evaluation.run': {
    valid: evaluation,
    parsed: { ...evaluation, limit: null, ownCaptions: 0, ownShare: 1, report: false },
    invalid: [
      { images: '/i' },
      { ...evaluation, ownShare: 1.1 },
      { ...evaluation, ownCaptions: -1 },
      { ...evaluation, limit: 0 },
    ],
  },
  'models.packs': nothing,
  'models.downloads': nothing,
  'models.download': onePack,
  'models.pause': onePack,
  'models.discard': onePack,
  'models.activate': onePack,
  'settings.get': nothing,
  'settings.set': {
    valid: { speed: 'quiet' },
    parsed: { speed: 'quiet' },
    invalid: [{ speed: 'fastest' }, { rowHeight: 79 }, { recentSearches: new Array(21).fill('x') }],
  },
  'shell.doctor': nothing,
  'shell.capabilities': nothing,
  'shell.banners': nothing,
  'shell.act': { valid: { action: 'retry' }, parsed: { action: 'retry' }, invalid: [{}, { action: 'open-settings' }] },
  'shell.pickFolder': nothing,
  'shell.places': {
    valid: {},
    parsed: { placeId: null },
    invalid: [{ placeId: 'x'.repeat(201) }, { placeId: 1 }, { path: '/' }],
  },
  'shell.reveal': onePhoto,
};

/** Waits for its signal, and says when it runs. */
function waiting(): { handler: AnyHandler; started: Promise<CallContext> } {
  let tell = (_context: CallContext): void => undefined;
  const started = new Promise<CallContext>((resolve) => {
    tell = resolve;
  });
  const handler: AnyHandler = (_input, context) =>
    new Promise((_, reject) => {
      context.signal.addEventListener('abort', () => reject(new CancelledError()));
      tell(context);
    });
  return { handler, started };
}

/** Registers the cases of every method over one transport. */
export function contractSuite({ connect: open, mayBeLocal }: ContractSuiteOptions): void {
  async function connect(handlers: PhotosHandlers, local = mayBeLocal) {
    const { transport, disconnect } = await open(handlers, local);
    onTestFinished(disconnect);
    const client = createClient(contract, transport) as unknown as Record<string, Record<string, Call>>;
    const call = (name: string, input: unknown, options?: { signal?: AbortSignal }): Promise<unknown> => {
      const [domain = '', method = ''] = name.split('.');
      return client[domain]?.[method]?.(input, options) ?? Promise.reject(new Error(`no ${name}`));
    };
    return { call, disconnect };
  }

  it('has cases for every method', () => {
    expect(Object.keys(cases).toSorted()).toEqual(
      contractMethods()
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  describe.each(contractMethods().filter(({ local }) => mayBeLocal || !local))('$name', ({ name, local }) => {
    const { valid, parsed, invalid } = cases[name];

    it('answers a valid call, filling in what was left out', async () => {
      const inputs: unknown[] = [];
      const { call } = await connect(
        fakeHandlers({
          [name]: async (input: never) => {
            inputs.push(input);
            return sampleOutputs[name];
          },
        }),
      );
      expect(await call(name, valid)).toEqual(sampleOutputs[name]);
      expect(inputs).toEqual([parsed]);
    });

    it.each([...invalid, { ...valid, unknownKey: 1 }, null, 'text', undefined])(
      'refuses %j before its handler',
      async (input) => {
        let handled = 0;
        const { call } = await connect(fakeHandlers({ [name]: async () => handled++ }));
        const error = await call(name, input).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(CallError);
        expect(error).toMatchObject({
          code: 'input/invalid',
          retry: 'never',
          message: expect.stringMatching(/^[^\n]+$/),
        });
        expect(handled).toBe(0);
      },
    );

    it('ends as cancelled when its caller asks, and is never started where it was cancelled before', async () => {
      const { handler, started } = waiting();
      const { call } = await connect(fakeHandlers({ [name]: handler }));
      const controller = new AbortController();
      const running = call(name, valid, { signal: controller.signal });
      await started;
      controller.abort();
      await expect(running).rejects.toBeInstanceOf(CallCancelled);
      let handled = 0;
      const other = await connect(fakeHandlers({ [name]: async () => handled++ }));
      await expect(other.call(name, valid, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CallCancelled);
      await settled(1);
      expect(handled).toBe(0);
    });

    it('is stopped when its caller has gone', async () => {
      const { handler, started } = waiting();
      const { call, disconnect } = await connect(fakeHandlers({ [name]: handler }));
      const running = expect(call(name, valid)).rejects.toMatchObject({ code: 'host/disconnected', retry: 'later' });
      const { signal } = await started;
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
      await disconnect();
      await aborted;
      await running;
    });

    it('passes on our errors with code and retry class, and hides foreign ones', async () => {
      const own = await connect(
        fakeHandlers({
          [name]: async () => {
            throw new AppError('store/busy', 'wait a moment');
          },
        }),
      );
      await expect(own.call(name, valid)).rejects.toMatchObject({
        name: 'CallError',
        code: 'store/busy',
        retry: 'later',
        message: 'wait a moment',
      });
      const foreign = await connect(
        fakeHandlers({
          [name]: async () => {
            throw new Error('ENOENT /home/ada');
          },
        }),
      );
      await expect(foreign.call(name, valid)).rejects.toMatchObject({
        code: 'internal',
        message: expect.not.stringContaining('ada'),
      });
    });

    it('is checked on its way out too', async () => {
      const { call } = await connect(fakeHandlers({ [name]: async () => 'not this' }));
      await expect(call(name, valid)).rejects.toMatchObject({ code: 'internal' });
    });

    it.skipIf(local)('is offered to every edge', async () => {
      const { call } = await connect(fakeHandlers(), false);
      expect(await call(name, valid)).toEqual(sampleOutputs[name]);
    });
  });

  it.each(contractMethods().filter(({ local }) => local))('offers no $name to a window', async ({ name }) => {
    const { call } = await connect(fakeHandlers(), false);
    await expect(call(name, cases[name].valid)).rejects.toMatchObject({ code: 'input/unknown-method' });
  });
}
