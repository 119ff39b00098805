// The screens over the sample photos, for tests in the browser. Test processes.
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type BackendOptions, type PhotoBackend, photoBackend, photoFilesIn, sampleCaptions } from './photo-backend.ts';
import { type OpenScreens, openScreens } from './screens.ts';
import { folderOf } from './temporary-folder.ts';

const samples = join(import.meta.dirname, '..', '..', 'docs', 'sample-photos');

export interface SampleScreens extends OpenScreens {
  readonly backend: PhotoBackend;
  readonly searchBox: Locator;
  readonly viewer: Locator;
  /** The photo with this caption in the gallery. */
  photo(caption: string): Locator;
  /** Captions of the gallery's photos in the order shown. */
  shown(): Promise<string[]>;
}

interface SampleOptions extends Partial<Pick<BackendOptions, 'replaced'>> {
  readonly context?: BrowserContextOptions;
  /** Before the page opens. */
  readonly prepare?: (backend: PhotoBackend) => void;
  /** A library without photos and folders. */
  readonly empty?: boolean;
}

export async function openSamples(browser: Browser, options: SampleOptions = {}): Promise<SampleScreens> {
  const backend = await photoBackend({
    files: options.empty ? [] : photoFilesIn(samples),
    captions: sampleCaptions,
    ...(options.replaced ? { replaced: options.replaced } : {}),
  });
  if (options.empty) backend.folders.length = 0;
  options.prepare?.(backend);
  const screens = await openScreens(browser, backend, folderOf(), options.context);
  const { page, host } = screens;
  backend.onChange = () => backend.changed(host);
  const grid = page.getByRole('grid', { name: 'Photos' });
  if (!options.empty) await grid.locator('[data-photo-id]').first().waitFor();
  return {
    ...screens,
    backend,
    searchBox: page.getByRole('searchbox', { name: 'Search photos' }),
    viewer: page.getByRole('dialog', { name: 'Photo' }),
    photo: (caption) => grid.getByRole('gridcell').getByRole('button', { name: caption }),
    shown: () => shownIn(page),
  };
}

function shownIn(page: Page): Promise<string[]> {
  return page.locator('[role=gridcell] button').evaluateAll((buttons) =>
    buttons
      .map((button) => ({ box: button.getBoundingClientRect(), name: button.getAttribute('aria-label') ?? '' }))
      .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
      .map(({ name }) => name),
  );
}

/** Polls as long as a busy computer may need. */
export const eventually = <Value>(read: () => Value): ReturnType<typeof expect.poll<Value>> =>
  expect.poll(read, { timeout: 15_000 });
