// Runs a worker entry in a utility process and speaks to it as to any other worker. Desktop main process.
import { fileURLToPath } from 'node:url';
import { unpacked } from '../platform/unpacked-path.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type { ElectronApi } from './electron-api.ts';

/**
 * @param name as the system's task list shows it.
 * @param environment added to that of the application.
 */
export function utilityWorker(
  electron: Pick<ElectronApi, 'utilityProcess'>,
  entry: URL,
  name: string,
  environment: NodeJS.ProcessEnv,
): WorkerPort {
  const child = electron.utilityProcess.fork(fileURLToPath(unpacked(entry)), [], {
    serviceName: name,
    env: environment,
    stdio: 'inherit',
  });
  let exited = false;
  let fault = '';
  child.on('exit', () => {
    exited = true;
  });
  // An end of V8 itself; the exit that follows has but a number.
  child.on('error', (type, location) => {
    fault = `${type} at ${location}`;
  });
  return {
    post(message) {
      if (!exited) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', (code) => listener(fault || `exit code ${code}`)),
    kill: () => void child.kill(),
    get pid() {
      return child.pid;
    },
  };
}
