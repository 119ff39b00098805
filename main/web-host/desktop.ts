// Asks the computer's desktop to open things: the default browser, a photo's folder. Web host.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { AppError } from '../platform/app-error.ts';

/** True where there is a desktop to ask. */
export function hasDesktop(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

/** Opens a file with the program it belongs to. Rejects where there is none. */
export function openFile(platform: NodeJS.Platform, path: string): Promise<void> {
  return launch(...openCommand(platform, path));
}

/** Shows a file in the system's file manager: selected where the system can, else its folder. */
export function revealFile(platform: NodeJS.Platform, path: string): Promise<void> {
  return launch(...revealCommand(platform, path)).catch((cause) => {
    throw new AppError('host/unsupported', 'the file manager could not be started', { cause });
  });
}

/** Program and arguments; never through a shell, which would read a file's name. */
export type Command = readonly [program: string, args: readonly string[]];

export function openCommand(platform: NodeJS.Platform, path: string): Command {
  if (platform === 'win32') return ['rundll32.exe', ['url.dll,FileProtocolHandler', path]];
  return [platform === 'darwin' ? 'open' : 'xdg-open', [path]];
}

export function revealCommand(platform: NodeJS.Platform, path: string): Command {
  if (platform === 'win32') return ['explorer.exe', ['/select,', path]];
  return platform === 'darwin' ? ['open', ['-R', path]] : ['xdg-open', [dirname(path)]];
}

async function launch(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.unref();
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}
