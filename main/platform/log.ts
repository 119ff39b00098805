// Structured logs: JSON lines in the library's own log folder, written by the shell process alone.
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger as PinoLogger, pino } from 'pino';

/** A pino logger; a child for each area, `log.child({ area: 'indexing' })`. Text a person typed is never logged above debug. */
export type Logger = PinoLogger;

const rotateAtBytes = 5_000_000;

/** Opens `photoseek.log` in the folder, moving a full one aside to `photoseek.log.1`. Level from `PHOTOSEEK_LOG`, `info` by default. */
export function openLog(folder: string, environment: NodeJS.ProcessEnv): Logger {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'photoseek.log');
  if (existsSync(file) && statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`);
  return pino(
    { level: environment['PHOTOSEEK_LOG'] ?? 'info', base: { pid: process.pid } },
    pino.destination({ dest: file, sync: true }),
  );
}

/** A logger that keeps nothing, for tests and for places without a folder to write to. */
export function silentLog(): Logger {
  return pino({ level: 'silent' });
}
