// The command line: plain Node, builds the application for one command. Wiring only.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { modelsFolder } from '../cli/library-folder.ts';
import { type CliHost, runCli } from '../cli/run-cli.ts';
import { compose } from '../compose.ts';
import { systemClock } from '../platform/clock.ts';
import { openLog, silentLog } from '../platform/log.ts';
import { forkWorker, threadWorker } from '../platform/worker-port.ts';

/** More children than this gain little: decoding and models are bound by memory bandwidth, and each holds its own copy of the models. */
const mostInferenceWorkers = 4;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const host: CliHost = {
  version,
  environment: process.env,
  platform: process.platform,
  streams: { stdout: process.stdout, stderr: process.stderr },
  onInterrupt(stop) {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  },
  async open({ libraryFolder, needs }) {
    const logFolder = join(libraryFolder, 'logs');
    const application = await compose({
      libraryFolder,
      readOnly: needs.readOnly,
      packFolders: [modelsFolder(process.env, process.platform)],
      packId: process.env['PHOTOSEEK_PACK'] ?? 'starter',
      inferenceWorkers: Math.min(mostInferenceWorkers, availableParallelism()),
      spawnInference: () => forkWorker(new URL('./inference.ts', import.meta.url)),
      spawnSearch: () => forkWorker(new URL('./search.ts', import.meta.url)),
      spawnWatcher: () => threadWorker(new URL('./watcher.ts', import.meta.url), null),
      openLog: () => (existsSync(libraryFolder) ? openLog(logFolder, process.env) : silentLog()),
      version,
      clock: systemClock,
      now: () => Date.now(),
    });
    return application;
  },
};

process.exitCode = await runCli(process.argv.slice(2), host);
