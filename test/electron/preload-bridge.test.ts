// The built preload script between a page's client and the application: one CommonJS file, one channel, calls and events both ways.
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { createConnection } from '../../preload/contract/client.ts';
import type { DesktopBridge, DesktopCommand } from '../../preload/contract/desktop.ts';
import { contract } from '../../preload/contract/index.ts';
import { bridgeTransport, desktopBridge } from '../../renderer/client/electron-bridge.ts';
import { startDesktop, type TestDesktop, testHash } from '../helpers/desktop.ts';
import { settled } from '../helpers/manual-clock.ts';
import { buildPreload, loadPreload as runPreload } from '../helpers/preload.ts';

let script: string;
beforeAll(async () => {
  script = await buildPreload();
});

const loadPreload = (desktop: TestDesktop) => runPreload(script, desktop.electron, desktop.window());
const connected = (bridge: DesktopBridge, hash = testHash) => createConnection(contract, bridgeTransport(bridge, hash));

describe('the preload script', () => {
  it('is small, and loads nothing but electron', () => {
    expect(script.length).toBeLessThan(4000);
    expect([...script.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(['"electron"']);
  });

  it('exposes functions alone, under one name', async () => {
    const { page, bridge } = loadPreload(await startDesktop());
    expect(Object.keys(page)).toEqual(['photoseek']);
    expect(Object.entries(bridge).map(([name, value]) => [name, typeof value])).toEqual(
      ['send', 'onFrame', 'onCommand', 'placeOf', 'dragOut'].map((name) => [name, 'function']),
    );
  });

  it('is not there in a browser', () => expect(desktopBridge({})).toBeNull());
});

describe('a page in the window', () => {
  it('calls, is refused, and uses one channel', async () => {
    const { bridge, used } = loadPreload(await startDesktop());
    const { api } = connected(bridge);
    expect(await api.library.revision({})).toEqual({ revision: 7, photos: 3 });
    await expect(api.library.photo({ photoId: -1 })).rejects.toMatchObject({ code: 'input/invalid' });
    expect(new Set(used)).toEqual(new Set(['photoseek']));
  });

  it('cancels', async () => {
    const desktop = await startDesktop({
      handlers: {
        'library.photo': (_input, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
      },
    });
    const { api } = connected(loadPreload(desktop).bridge);
    const controller = new AbortController();
    const call = api.library.photo({ photoId: 1 }, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toThrow();
  });

  it('hears events in order, takes each in, and misses none', async () => {
    const desktop = await startDesktop();
    const { bridge } = loadPreload(desktop);
    const connection = connected(bridge);
    const heard: number[] = [];
    let gaps = 0;
    connection.on('library.changed', ({ revision }) => heard.push(revision));
    connection.onGap(() => gaps++);
    for (let revision = 1; revision <= 30; revision++) {
      desktop.clock.advance(500);
      desktop.events.publish('library.changed', { revision });
    }
    expect([heard.length, heard.at(-1), gaps]).toEqual([30, 30, 0]);
  });

  it('is told commands, also those that came before it listened', async () => {
    const desktop = await startDesktop({ parts: { argv: ['photoseek://photo/3'] } });
    const { bridge } = loadPreload(desktop);
    connected(bridge);
    const commands: DesktopCommand[] = [];
    bridge.onCommand((command) => commands.push(command));
    desktop.electron.app.emit('second-instance', {}, ['photoseek://search?text=a']);
    expect(commands).toEqual([
      { name: 'photo', photoId: 3 },
      { name: 'search', text: 'a' },
    ]);
  });

  it('turns a dropped folder into a place, and a file made up by a script into nothing', async () => {
    const desktop = await startDesktop();
    const { bridge } = loadPreload(desktop);
    const dropped = { path: tmpdir() } as unknown as File;
    const place = await bridge.placeOf(dropped);
    expect(desktop.ports().places.resolve(place?.placeId ?? '')).toBe(place?.path);
    expect(place?.path).not.toBeUndefined();
    expect(await bridge.placeOf(new File(['x'], 'x'))).toBeNull();
  });

  it('drags photos out', async () => {
    const desktop = await startDesktop();
    const { bridge } = loadPreload(desktop);
    bridge.dragOut([7]);
    await settled();
    expect(desktop.window().webContents.dragged).toMatchObject([{ files: ['/photos/a.jpg'] }]);
  });

  it('built for another contract, has every call refused and hears nothing', async () => {
    const desktop = await startDesktop();
    const connection = connected(loadPreload(desktop).bridge, 'another');
    const heard: unknown[] = [];
    connection.on('library.changed', (data) => heard.push(data));
    desktop.events.publish('library.changed', { revision: 1 });
    await expect(connection.api.library.revision({})).rejects.toMatchObject({ code: 'host/denied' });
    expect([heard, desktop.handled]).toEqual([[], []]);
  });
});
