// photoseek serve: the application's interface in a browser of this computer, until Ctrl+C.
import type { CommandContext } from './command-context.ts';

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether to open the default browser. */
  readonly open: boolean;
}

/** The running interface, as the command needs it. */
export interface ServedInterface {
  /** A fresh address that signs in once, within a few minutes. */
  signInUrl(): string;
  /** Leads the default browser to such an address. @returns false where there is none to open. */
  openBrowser(): Promise<boolean>;
  close(): Promise<void>;
}

export async function serve({ terminal, signal, host }: CommandContext, options: ServeOptions): Promise<void> {
  const served = await host.serve(options.port);
  try {
    const isOpen = options.open && (await served.openBrowser());
    const url = served.signInUrl();
    terminal.result({ url, pid: process.pid }, () => [
      isOpen ? 'Photoseek opens in your browser. If it does not, open' : 'Photoseek is running. Open',
      `  ${url}`,
      host.onEnter
        ? 'within five minutes; it signs in once. Enter gives a new address, Ctrl+C stops Photoseek.'
        : 'within five minutes; it signs in once. To stop Photoseek, interrupt or end this process.',
    ]);
    const stopAsking = host.onEnter?.(() => terminal.note(`  ${served.signInUrl()}`));
    await aborted(signal);
    stopAsking?.();
  } finally {
    await served.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
