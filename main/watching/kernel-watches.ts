// What the Linux kernel says of this process's watches and of its limits. Watcher thread.
import { readdirSync, readFileSync } from 'node:fs';

/** Watches that this process holds in fact, whoever asked for them; null where the system does not tell. */
export function heldWatches(): number | null {
  try {
    return readdirSync('/proc/self/fdinfo').reduce((sum, descriptor) => sum + watchesOf(descriptor), 0);
  } catch {
    return null;
  }
}

function watchesOf(descriptor: string): number {
  try {
    return readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1').match(/^inotify /gm)?.length ?? 0;
  } catch {
    // It was closed between the two calls.
    return 0;
  }
}

/** Kernel's default where it does not tell. */
const usualQueue = 16_384;

/** Events that the kernel keeps until they are read; those beyond are dropped, and Node does not say so. */
export function eventQueueLength(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'latin1')) || usualQueue;
  } catch {
    return usualQueue;
  }
}
