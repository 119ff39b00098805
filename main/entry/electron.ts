// The desktop window: Electron's main process, builds the application and opens it. Wiring only.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import { contractHash } from '../../preload/contract/contract-hash.ts';
import { libraryFolder, modelsFolder } from '../cli/library-folder.ts';
import { runDesktop } from '../electron/desktop.ts';
import { utilityWorker } from '../electron/utility-worker.ts';
import { AppError } from '../platform/app-error.ts';
import type { AssetMap } from '../platform/asset-map.ts';
import { systemClock } from '../platform/clock.ts';
import { desktopTexts } from '../platform/desktop-texts.ts';
import { openLog } from '../platform/log.ts';
import { unpacked } from '../platform/unpacked-path.ts';
import { threadWorker } from '../platform/worker-port.ts';

/** More children than this gain little, see cli.ts. */
const mostInferenceWorkers = 4;

const { env, platform } = process;
const here = (path: string): URL => new URL(path, import.meta.url);
const file = (path: string): string => fileURLToPath(here(path));
const icon = (name: string): string => fileURLToPath(unpacked(here(`../electron/icons/${name}`)));
const folder = libraryFolder(undefined, env, platform);

process.on('uncaughtException', (error) => {
  // What state the process is in is unknown; the library is safe, since nothing is acknowledged before it is on disk.
  dialog.showErrorBox(desktopTexts.mustEnd.title, desktopTexts.mustEnd.text(error.stack ?? error.message));
  app.exit(1);
});

void runDesktop(
  {
    app,
    BrowserWindow,
    crashReporter,
    dialog,
    ipcMain,
    Menu,
    nativeTheme,
    powerMonitor,
    protocol,
    screen,
    session,
    shell,
    Tray,
    utilityProcess,
  },
  {
    platform,
    argv: process.argv.slice(1),
    contractHash: contractHash(),
    clock: systemClock,
    rendererFolder: file('../../dist/renderer'),
    preload: file('../../dist/preload/bridge.cjs'),
    icons: {
      window: icon('app.png'),
      tray: icon(platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'),
      drag: icon('drag.png'),
    },
    windowStateFile: join(app.getPath('userData'), 'window-state.json'),
    readAssets() {
      try {
        return JSON.parse(readFileSync(here('../../dist/assets.json'), 'utf8')) as AssetMap;
      } catch (cause) {
        throw new AppError('host/unsupported', desktopTexts.notBuilt, { cause });
      }
    },
    async compose(window) {
      const { compose } = await import('../compose.ts');
      return compose({
        libraryFolder: folder,
        readOnly: false,
        packFolders: [modelsFolder(env, platform)],
        packId: env['PHOTOSEEK_PACK'] ?? 'starter',
        inferenceWorkers: Math.min(mostInferenceWorkers, availableParallelism()),
        spawnInference: () => utilityWorker({ utilityProcess }, here('./inference.ts'), 'Photoseek models', env),
        spawnSearch: () => utilityWorker({ utilityProcess }, here('./search.ts'), 'Photoseek search', env),
        spawnWatcher: () => threadWorker(here('./watcher.ts'), null),
        openLog: () => openLog(join(folder, 'logs'), env),
        version: app.getVersion(),
        samplePhotosFolder: fileURLToPath(unpacked(here('../../docs/sample-photos'))),
        window,
        endProcess: () => process.kill(process.pid, 'SIGKILL'),
        clock: systemClock,
        now: () => Date.now(),
      });
    },
  },
);
