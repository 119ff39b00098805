// Where the library lives when nobody says otherwise: the system's own place for application data.
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** @param option the value of `--library`, which wins over `PHOTOSEEK_LIBRARY`. @returns an absolute path. */
export function libraryFolder(
  option: string | undefined,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): string {
  const chosen = option ?? environment['PHOTOSEEK_LIBRARY'];
  if (chosen) return resolve(chosen);
  return join(dataFolder(environment, platform), 'Photoseek', 'library');
}

/** Models a person downloaded; shared by all of their libraries. */
export function modelsFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return environment['PHOTOSEEK_MODELS'] || join(dataFolder(environment, platform), 'Photoseek', 'models');
}

function dataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  // The XDG Base Directory Specification: an empty or relative path counts as none.
  const named = environment['XDG_DATA_HOME'] ?? '';
  return isAbsolute(named) ? named : join(homedir(), '.local', 'share');
}
