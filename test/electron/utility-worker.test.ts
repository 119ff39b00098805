// Workers in utility processes: the owner's port over the fake Electron, and the worker's own end over the port that Electron gives it.
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { utilityWorker } from '../../main/electron/utility-worker.ts';
import { connect, serve } from '../../main/platform/rpc.ts';
import { processEnd } from '../../main/platform/worker-port.ts';
import { type FakeChild, fakeElectron } from '../helpers/fake-electron.ts';

const entry = new URL('file:///opt/Photoseek/resources/app.asar/main/entry/search.ts');

function started() {
  const electron = fakeElectron();
  const port = utilityWorker(electron.api, entry, 'Photoseek search', { PATH: '/bin' });
  return { electron, port, child: electron.children[0] as FakeChild };
}

describe('the owner’s port', () => {
  it('starts the unpacked file, named for the task list, without arguments', () => {
    const { electron } = started();
    expect(electron.calls).toEqual([
      [
        'utilityProcess.fork',
        '/opt/Photoseek/resources/app.asar.unpacked/main/entry/search.ts',
        [],
        { serviceName: 'Photoseek search', env: { PATH: '/bin' }, stdio: 'inherit' },
      ],
    ]);
  });

  it('passes messages on, and none after the end', () => {
    const { port, child } = started();
    const heard: unknown[] = [];
    port.onMessage((message) => heard.push(message));
    port.post({ a: 1 });
    child.emit('message', { b: 2 });
    child.emit('exit', 1);
    port.post({ c: 3 });
    expect([child.posted, heard]).toEqual([[{ a: 1 }], [{ b: 2 }]]);
  });

  it('tells of the end with its reason, and of the process id once there is one', () => {
    const { port, child } = started();
    const reasons: string[] = [];
    port.onExit((reason) => reasons.push(reason));
    expect(port.pid).toBe(4711);
    child.pid = undefined;
    child.emit('error', 'FatalError', 'v8::OutOfMemory', 'report');
    child.emit('exit', 133);
    expect([port.pid, reasons]).toEqual([undefined, ['FatalError at v8::OutOfMemory']]);
    const other = started();
    other.port.onExit((reason) => reasons.push(reason));
    other.child.emit('exit', 9);
    expect(reasons[1]).toBe('exit code 9');
  });

  it('ends the process', () => {
    const { port, child } = started();
    port.kill();
    expect(child.killed).toBe(true);
  });

  it('a call in flight rejects when the process dies', async () => {
    const { port, child } = started();
    const remote = connect<{ find(input: object): Promise<number> }>(port, {
      gone: 'vectors/failed',
      late: 'vectors/failed',
    });
    const call = remote.find({});
    child.emit('exit', 139);
    await expect(call).rejects.toMatchObject({ code: 'vectors/failed' });
  });
});

describe('the worker’s own end', () => {
  const port = Object.assign(new EventEmitter(), {
    posted: [] as unknown[],
    postMessage(message: unknown) {
      this.posted.push(message);
    },
  });
  afterEach(() => {
    Reflect.deleteProperty(process, 'parentPort');
  });

  it('is the port of the utility process where there is one', async () => {
    Object.defineProperty(process, 'parentPort', { value: port, configurable: true });
    const service = { double: async (n: number) => n * 2 };
    serve(processEnd(), service, ['double']);
    port.emit('message', { data: { kind: 'call', id: 1, method: 'double', input: 21 }, ports: [] });
    await expect.poll(() => port.posted).toEqual([{ kind: 'ok', id: 1, output: 42 }]);
  });
});
