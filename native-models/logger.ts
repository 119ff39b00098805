// The logger native-models is handed; the inference process passes its pino child through an adapter.

/** Where native-models reports to; it never opens a log of its own. Fields hold no text the person typed. */
export interface ModelLogger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** Says nothing; for tests and tools. */
export const silentLogger: ModelLogger = { debug: ignore, info: ignore, warn: ignore };

function ignore(): void {}
