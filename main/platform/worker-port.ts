// A message pipe to another thread or process, the same for all of them, so that what runs behind it can be replaced in tests. Any process.
import { type ChildProcess, fork } from 'node:child_process';
import { MessageChannel, type MessagePort, parentPort, Worker } from 'node:worker_threads';
import { unpacked } from './unpacked-path.ts';

/** One end of a pipe of structured-clone messages. Delivery is in order; nothing arrives after `onExit` has fired. */
export interface MessageEnd {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Fires once, when the other end is gone. */
  onExit(listener: (reason: string) => void): void;
}

/** The owner's end: it can also end the worker. */
export interface WorkerPort extends MessageEnd {
  /** Ends the worker at once, without its consent; `onExit` follows. */
  kill(): void;
  /** Process id, where the worker is a process. */
  readonly pid: number | undefined;
}

/** Forks a Node child process. Its stdout and stderr join the parent's stderr, so that stdout stays the command's own. */
export function forkWorker(
  entry: URL,
  options: { env?: NodeJS.ProcessEnv; execArgv?: readonly string[] } = {},
): WorkerPort {
  const child: ChildProcess = fork(entry, [], {
    serialization: 'advanced',
    env: { ...process.env, ...options.env },
    execArgv: [...(options.execArgv ?? [])],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  return {
    post(message) {
      // A send to a child that is going down is answered by onExit; the callback keeps the error from being thrown.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      let fired = false;
      const once = (reason: string): void => {
        if (!fired) listener(reason);
        fired = true;
      };
      child.on('exit', (code, signal) => once(signal ?? `exit code ${code}`));
      child.on('error', (error) => once(error.message));
    },
    kill() {
      child.kill('SIGKILL');
    },
    pid: child.pid,
  };
}

/** Starts a worker thread. An uncaught error in it ends it and is the reason given to `onExit`. */
export function threadWorker(entry: URL, workerData: unknown): WorkerPort {
  const worker = new Worker(unpacked(entry), { workerData });
  let lastError = '';
  worker.on('error', (error) => {
    lastError = error instanceof Error ? error.message : String(error);
  });
  return {
    post(message, transfer) {
      worker.postMessage(message, [...(transfer ?? [])]);
    },
    onMessage(listener) {
      worker.on('message', listener);
    },
    onExit(listener) {
      worker.on('exit', (code) => listener(lastError || `exit code ${code}`));
    },
    kill() {
      void worker.terminate();
    },
    pid: undefined,
  };
}

/** What Electron gives a utility process in place of Node's channel to its parent. */
interface UtilityParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** The child's own end of `forkWorker`, and of a utility process of the desktop window. */
export function processEnd(): MessageEnd {
  const { parentPort: utilityPort } = process as { readonly parentPort?: UtilityParentPort };
  if (utilityPort) return utilityEnd(utilityPort);
  return {
    post(message) {
      if (process.connected) process.send?.(message, undefined, {}, () => undefined);
    },
    onMessage(listener) {
      process.on('message', listener);
    },
    onExit(listener) {
      process.on('disconnect', () => listener('parent gone'));
    },
  };
}

/** Nothing tells a utility process that its parent is gone: Chromium ends it then. */
function utilityEnd(port: UtilityParentPort): MessageEnd {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    onExit: () => undefined,
  };
}

/** The thread's own end of `threadWorker`. */
export function threadEnd(): MessageEnd {
  if (!parentPort) throw new Error('not inside a worker thread');
  return portEnd(parentPort);
}

/** Two joined ends inside one process; messages still pass through structured clone, as between threads. `kill` closes both. */
export function portPair(): { owner: WorkerPort; worker: MessageEnd } {
  const { port1, port2 } = new MessageChannel();
  return { owner: { ...portEnd(port1), kill: () => port1.close(), pid: undefined }, worker: portEnd(port2) };
}

function portEnd(port: MessagePort): MessageEnd {
  return {
    post(message, transfer) {
      port.postMessage(message, [...(transfer ?? [])]);
    },
    onMessage(listener) {
      port.on('message', listener);
    },
    onExit(listener) {
      port.on('close', () => listener('closed'));
    },
  };
}
