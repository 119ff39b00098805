// Whom the application listens to on the window's channel: the top frame of our own page alone. Shell process; pure.
import { isPageUrl } from './app-address.ts';

/** What is known of the frame that sent a message. */
export interface SendingFrame {
  readonly url: string;
  /** As Chromium computes it, `app://photoseek`; a sandboxed or opaque frame has `null`. */
  readonly origin: string;
}

/**
 * @param sender null where the frame is gone by now.
 * @param top the window's main frame; compared by identity, since any frame can show any address.
 */
export function mayTalk(sender: SendingFrame | null, top: SendingFrame | null): boolean {
  if (sender === null || top === null || sender !== top) return false;
  return sender.origin === 'app://photoseek' && isPageUrl(sender.url);
}
