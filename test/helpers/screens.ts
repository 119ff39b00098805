// Opens the built page of a test host in Chromium, signed in, and notes what must never happen there. Test processes.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { contractHash } from '../../preload/contract/contract-hash.ts';
import type { PhotoBackend } from './photo-backend.ts';
import { startTestHost, type TestHost } from './web-host.ts';

const repository = join(import.meta.dirname, '..', '..');
const chromiumPath = process.env['PHOTOSEEK_CHROMIUM'] ?? '/usr/bin/chromium';

/** False where this computer has no Chromium: suites in the browser are skipped then. */
export const hasChromium = existsSync(chromiumPath);

/** @param more further switches. */
export function launchChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

let building: Promise<string> | undefined;

/** The production build of the renderer, made once for each state of its sources. @returns its folder. */
export function builtRenderer(): Promise<string> {
  building ??= buildRenderer();
  return building;
}

async function buildRenderer(): Promise<string> {
  const state = Math.max(newestIn(join(repository, 'renderer')), newestIn(join(repository, 'preload')));
  const folder = join(tmpdir(), `photoseek-renderer-${Math.round(state)}`);
  if (existsSync(folder)) return folder;
  // Built aside and then renamed: another test file may be building the same.
  const aside = `${folder}-${process.pid}`;
  mkdirSync(aside, { recursive: true });
  await build({
    configFile: join(repository, 'renderer', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: aside, emptyOutDir: true },
  });
  if (!existsSync(folder)) renameSync(aside, folder);
  return folder;
}

/** Milliseconds of the newest change of a file in a folder. */
export function newestIn(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    ...entries.filter((one) => one.isFile()).map((one) => statSync(join(one.parentPath, one.name)).mtimeMs),
  );
}

export interface OpenScreens {
  readonly page: Page;
  readonly host: TestHost;
  /** Errors of the page's scripts, and breaches of its content security policy. */
  readonly wrongs: string[];
  close(): Promise<void>;
}

/** @param stateFolder an empty folder for the host's own files. */
export async function openScreens(
  browser: Browser,
  backend: Pick<PhotoBackend, 'handlers' | 'media'>,
  stateFolder: string,
  options: BrowserContextOptions = {},
): Promise<OpenScreens> {
  const host = await startTestHost(stateFolder, {
    rendererFolder: await builtRenderer(),
    handlers: backend.handlers,
    media: backend.media,
    contractHash: contractHash(),
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('pageerror', (error) => wrongs.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      wrongs.push(message.text());
  });
  await page.goto(host.signInUrl());
  return {
    page,
    host,
    wrongs,
    async close() {
      await context.close();
      await host.close();
    },
  };
}
