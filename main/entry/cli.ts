// The command line: plain Node, builds the application for one command. Wiring only.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { availableParallelism, homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliHost } from '../cli/run-cli.ts';
import type { ServedInterface } from '../cli/serve.ts';
import type { Application } from '../compose.ts';
import type { WindowPorts } from '../platform/host-ports.ts';

// Half of a short command is compiling its sources. Node keeps the compiled form from here on, so all that is large is imported below this line;
// the environment hands the folder on to child processes and threads. Where it cannot be written, everything works without.
const compiled = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));
enableCompileCache(compiled);
process.env['NODE_COMPILE_CACHE'] ??= compiled;
const { modelsFolder } = await import('../cli/library-folder.ts');
const { runCli } = await import('../cli/run-cli.ts');
const { systemClock } = await import('../platform/clock.ts');
const { endInAnyCase } = await import('../platform/last-resort.ts');
const { openLog, silentLog } = await import('../platform/log.ts');
const { forkWorker, threadWorker } = await import('../platform/worker-port.ts');

/** More children than this gain little: decoding and models are bound by memory bandwidth, and each holds its own copy of the models. */
const mostInferenceWorkers = 4;

const samplePhotos = fileURLToPath(new URL('../../docs/sample-photos', import.meta.url));

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
  ...(process.stdin.isTTY ? { onEnter } : {}),
  // A library whose database was lost still has its backups.
  hasLibrary: (folder) => ['library.db', 'backups'].some((name) => existsSync(join(folder, name))),
  async open({ libraryFolder, needs }) {
    const { compose } = await import('../compose.ts');
    const scratch = needs.scratch ? await mkdtemp(join(tmpdir(), 'photoseek-')) : undefined;
    const folder = scratch ?? libraryFolder;
    const removeScratch = async (): Promise<void> => {
      if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
    };
    const application = await compose({
      libraryFolder: folder,
      readOnly: needs.readOnly,
      packFolders: [modelsFolder(process.env, process.platform)],
      packId: process.env['PHOTOSEEK_PACK'] ?? 'starter',
      inferenceWorkers: Math.min(mostInferenceWorkers, availableParallelism()),
      spawnInference: () => forkWorker(new URL('./inference.ts', import.meta.url)),
      spawnSearch: () => forkWorker(new URL('./search.ts', import.meta.url)),
      spawnWatcher: () => threadWorker(new URL('./watcher.ts', import.meta.url), null),
      openLog: () => (existsSync(folder) ? openLog(join(folder, 'logs'), process.env) : silentLog()),
      version,
      samplePhotosFolder: existsSync(samplePhotos) ? samplePhotos : null,
      window: needs.stays ? await windowPorts() : null,
      clock: systemClock,
      now: () => Date.now(),
    }).catch(async (error) => {
      await removeScratch();
      throw error;
    });
    return {
      ...application,
      serve: (port) => serveInBrowser(application, folder, port),
      async close() {
        await application.close();
        await removeScratch();
      },
    };
  },
};

function onEnter(listener: () => void): () => void {
  process.stdin.on('data', listener).resume();
  return () => process.stdin.off('data', listener).pause();
}

async function windowPorts(): Promise<WindowPorts> {
  const { webWindowPorts } = await import('../web-host/window-ports.ts');
  const { username } = userInfo();
  return webWindowPorts({ platform: process.platform, home: homedir(), userName: username, environment: process.env });
}

async function serveInBrowser(application: Application, folder: string, port: number): Promise<ServedInterface> {
  const { contractHash } = await import('../../preload/contract/contract-hash.ts');
  const { hasDesktop, openFile } = await import('../web-host/desktop.ts');
  const { startWebHost } = await import('../web-host/web-host.ts');
  const host = await startWebHost({
    ...application,
    port,
    rendererFolder: fileURLToPath(new URL('../../dist/renderer', import.meta.url)),
    stateFolder: join(folder, 'web-host'),
    contractHash: contractHash(),
    checkOutput: false,
    clock: systemClock,
    now: () => Date.now(),
  });
  return {
    ...host,
    async openBrowser() {
      if (!hasDesktop(process.platform, process.env)) return false;
      const opened = openFile(process.platform, await host.redirectFile());
      return opened.then(
        () => true,
        () => false,
      );
    },
  };
}

process.exitCode = await runCli(process.argv.slice(2), host);
endInAnyCase(process.stdout);
