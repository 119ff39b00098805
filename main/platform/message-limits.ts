// Bounds on what comes in from the window, before anything looks at it: how large one message is, how many come in a second. Shell process; pure.
import type { Clock } from './clock.ts';

export interface MessageBounds {
  /** Bytes, counted roughly: two for each character, eight for a number. */
  readonly bytes: number;
  /** Values, containers counted too. */
  readonly values: number;
  readonly depth: number;
}

/** The largest honest message names 10,000 photos. */
export const messageBounds: MessageBounds = { bytes: 1_000_000, values: 30_000, depth: 12 };

/**
 * True for plain data within the bounds. Walks with a list of its own and stops at the first excess, so that neither depth, size nor a cycle costs more
 * than the bounds allow. Anything but plain objects, arrays and primitive values is refused: no frame has a use for it.
 */
export function isBoundedMessage(message: unknown, bounds: MessageBounds = messageBounds): boolean {
  const waiting: { value: unknown; depth: number }[] = [{ value: message, depth: 0 }];
  let bytes = 0;
  let values = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    values += 1;
    bytes += typeof value === 'string' ? value.length * 2 : 8;
    if (values > bounds.values || bytes > bounds.bytes || depth > bounds.depth) return false;
    if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return false;
    if (typeof value !== 'object' || value === null) continue;
    if (!isPlain(value)) return false;
    const inside = Array.isArray(value) ? value : Object.entries(value);
    if (values + waiting.length + inside.length > bounds.values) return false;
    for (const part of inside) {
      if (Array.isArray(value)) waiting.push({ value: part, depth: depth + 1 });
      else {
        const [key, held] = part as [string, unknown];
        bytes += key.length * 2;
        waiting.push({ value: held, depth: depth + 1 });
      }
    }
  }
  return true;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A bucket that fills by `perSecond` up to `burst`; each message takes one. */
export function createRateLimit(clock: Clock, limits: { perSecond: number; burst: number }): { take(): boolean } {
  let left = limits.burst;
  let filledAt = clock.now();
  return {
    take() {
      const now = clock.now();
      left = Math.min(limits.burst, left + ((now - filledAt) / 1000) * limits.perSecond);
      filledAt = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
