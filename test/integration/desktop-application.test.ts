// The whole desktop application but for Chromium: the built preload script, the edge, the real application, and its workers as real processes that see the port
// of a utility process. A folder is dropped, indexed, found, shown and dragged out; the models' process is killed on the way.
import { type ChildProcess, fork } from 'node:child_process';
import { copyFileSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDesktop } from '../../main/electron/desktop.ts';
import type { ElectronApi, ElectronChild } from '../../main/electron/electron-api.ts';
import { utilityWorker } from '../../main/electron/utility-worker.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { type Connection, createConnection } from '../../preload/contract/client.ts';
import type { DesktopBridge } from '../../preload/contract/desktop.ts';
import { contract } from '../../preload/contract/index.ts';
import { mediaPath, timelinePath } from '../../preload/contract/media.ts';
import { unpackTimeline } from '../../preload/contract/timeline.ts';
import { bridgeTransport } from '../../renderer/client/electron-bridge.ts';
import { composeApplication } from '../helpers/application.ts';
import { testHash } from '../helpers/desktop.ts';
import { type FakeElectron, type FakeWindow, fakeElectron, preventable } from '../helpers/fake-electron.ts';
import { root } from '../helpers/import-closure.ts';
import { buildPreload, loadPreload } from '../helpers/preload.ts';

/** Gives a Node child what a utility process has: a port in place of Node's own channel, and an end with its parent. */
const utilityShim = `data:text/javascript,${encodeURIComponent(`
  process.parentPort = {
    postMessage: (message) => process.send(message),
    on: (name, listener) => process.on(name, (data) => listener({ data, ports: [] })),
  };
  process.on('disconnect', () => process.exit(0));
`)}`;

const children: ChildProcess[] = [];
const utilityProcess: ElectronApi['utilityProcess'] = {
  fork(path, args, { env }) {
    const child = fork(path, args, {
      serialization: 'advanced',
      execArgv: ['--import', utilityShim],
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    children.push(child);
    return {
      on: child.on.bind(child),
      postMessage: (message: object) => child.connected && child.send(message),
      kill: () => child.kill(),
      pid: child.pid,
    } as unknown as ElectronChild;
  },
};
const entries = new URL('../../main/entry/', import.meta.url);
const worker = (name: string) => utilityWorker({ utilityProcess }, new URL(`${name}.ts`, entries), name, process.env);

const names = ['cat.jpg', 'coffee.jpg'];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'photoseek-desktop-')));
const photos = realpathSync(mkdtempSync(join(tmpdir(), 'photoseek-photos-')));
let electron: FakeElectron;
let window: FakeWindow;
let bridge: DesktopBridge;
let connection: Connection<typeof contract>;

beforeAll(async () => {
  for (const name of names) copyFileSync(join(root, 'docs/sample-photos', name), join(photos, name));
  electron = fakeElectron();
  const running = runDesktop(electron.api, {
    compose: (ports) =>
      composeApplication(join(folder, 'library'), {
        window: ports,
        inferenceWorkers: 1,
        spawnInference: () => worker('inference'),
        spawnSearch: () => worker('search'),
      }),
    platform: 'linux',
    argv: [],
    contractHash: testHash,
    clock: systemClock,
    rendererFolder: folder,
    readAssets: () => ({}),
    preload: '/bridge.cjs',
    icons: { window: '/app.png', tray: '/tray.png', drag: '/drag.png' },
    windowStateFile: join(folder, 'window-state.json'),
  });
  electron.app.start();
  await running;
  window = electron.windows[0] as FakeWindow;
  ({ bridge } = loadPreload(await buildPreload(), electron, window));
  connection = createConnection(contract, bridgeTransport(bridge, testHash));
});

afterAll(async () => {
  for (const path of [folder, photos]) await rm(path, { recursive: true, force: true });
});

describe('from a dropped folder to a photo dragged out', () => {
  const fetchApp = (path: string): Promise<Response> => electron.handle(new Request(`app://photoseek/${path}`));
  let photoIds: number[] = [];

  it('the folder is added and indexed, the page is told, the tray shows it', async () => {
    let changes = 0;
    connection.on('library.changed', () => changes++);
    const place = await bridge.placeOf({ path: photos } as unknown as File);
    await connection.api.library.addPlace({ placeId: place?.placeId ?? '' });
    await expect.poll(async () => (await connection.api.library.status({})).indexed, { timeout: 15_000 }).toBe(2);
    await expect.poll(() => electron.trays.at(-1)?.destroyed, { timeout: 15_000 }).toBe(true);
    expect(changes).toBeGreaterThan(0);
  });

  it('the timeline and the pictures come over the window’s scheme', async () => {
    const { revision } = await connection.api.library.revision({});
    const timeline = unpackTimeline(await (await fetchApp(timelinePath(revision))).arrayBuffer());
    photoIds = [...timeline.ids];
    expect(photoIds).toHaveLength(2);
    for (const variant of ['thumbnail', 'preview', 'original'] as const) {
      const response = await fetchApp(mediaPath(photoIds[0] ?? 0, variant, 1));
      expect([variant, response.status]).toEqual([variant, 200]);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500);
    }
    expect((await fetchApp('media/999/thumbnail')).status).toBe(404);
  });

  it('a search answers, also after the models’ process was killed', async () => {
    const find = async (text: string) =>
      (await connection.api.search.rank({ text, mode: 'embedding' })).photoIds.length;
    expect(await find('a cup of coffee')).toBe(2);
    children.find(({ spawnargs }) => spawnargs.some((argument) => argument.endsWith('inference.ts')))?.kill('SIGKILL');
    await expect.poll(() => find('another sentence').catch(() => 0), { timeout: 15_000 }).toBe(2);
  });

  it('a photo is dragged out as its file', async () => {
    bridge.dragOut(photoIds);
    await expect
      .poll(() => window.webContents.dragged.flatMap(({ files }) => files ?? []).sort())
      .toEqual(names.map((name) => join(photos, name)));
  });

  it('the end closes every process', async () => {
    electron.app.emit('will-quit', preventable());
    await expect.poll(() => electron.calls.at(-1), { timeout: 15_000 }).toEqual(['app.exit', 0]);
    await expect
      .poll(() => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length)
      .toBe(0);
    expect(children.length).toBeGreaterThanOrEqual(3);
  });
});
