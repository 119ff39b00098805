// Keeps sign-ins over a restart of the web host on the same port, so that an open page finds back in by itself. Web host.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SavedSession } from './sessions.ts';

/**
 * [Note: sign-ins over a restart]
 * A page that is open while its host restarts sends its token to whoever listens on that port by then. Therefore a sign-in is kept for its port alone (who
 * sits on the port in between keeps us from it), as hashes only, in a file for its owner's eyes, and for no longer than half a day after the host was last
 * alive. A host on another port is another origin to the browser and starts with nobody signed in.
 */
const keptMs = 12 * 3_600_000;

/** How often a living host says so in the file's time. */
const aliveEveryMs = 3_600_000;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const Saved = z.strictObject({
  instanceId: z.string().regex(/^[0-9a-f]{16}$/),
  mediaFolder: z.string().regex(/^[0-9a-f]{32}$/),
  sessions: z.array(z.strictObject({ token: hash, media: hash })).max(100),
});

export interface SessionFile {
  /** Names this host's cookie: cookies of one computer are shared by all of its ports. */
  readonly instanceId: string;
  /** First part of the path of every picture; guessed by nobody, and kept so that pictures a browser has stay good. */
  readonly mediaFolder: string;
  readonly sessions: readonly SavedSession[];
  save(sessions: readonly SavedSession[]): Promise<void>;
  /** Marks the time of death. */
  close(): Promise<void>;
}

/** @param folder made where missing; of every port's file there, those that are too old are removed. @param now epoch milliseconds. */
export async function openSessionFile(folder: string, port: number, now: () => number): Promise<SessionFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOld(folder, now());
  const file = join(folder, `port-${port}.json`);
  const text = await readFile(file, 'utf8').catch(() => '');
  const found = Saved.safeParse(parsed(text)).data;
  const instanceId = found?.instanceId ?? randomBytes(8).toString('hex');
  const mediaFolder = found?.mediaFolder ?? randomBytes(16).toString('hex');
  const touch = async (): Promise<void> => utimes(file, now() / 1000, now() / 1000).catch(() => undefined);
  await touch();
  const timer = setInterval(() => void touch(), aliveEveryMs).unref();
  let last = Promise.resolve();
  return {
    instanceId,
    mediaFolder,
    sessions: found?.sessions ?? [],
    save(sessions) {
      last = last.then(() => replace(file, JSON.stringify({ instanceId, mediaFolder, sessions }))).then(touch);
      return last;
    },
    async close() {
      clearInterval(timer);
      await last;
      await touch();
    },
  };
}

/** Whole or not at all: a file cut short would sign everybody out. */
async function replace(file: string, text: string): Promise<void> {
  const half = `${file}.${process.pid}.new`;
  await writeFile(half, text, { mode: 0o600 });
  await rename(half, file);
}

async function removeOld(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts && nowMs - facts.mtimeMs > keptMs) await rm(path, { force: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
