// Takes a picture of every screen in both themes, to be looked at: `node test/bench/screenshots.ts OUT [PHOTOS CAPTIONS]`. Test processes.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { AppError } from '../../main/platform/app-error.ts';
import { bannersOf } from '../../main/services/shell/banners.ts';
import { captionsIn, type PhotoBackend, photoBackend, photoFilesIn, sampleCaptions } from '../helpers/photo-backend.ts';
import { launchChromium, openScreens } from '../helpers/screens.ts';

const [out = 'screenshots', photos, captions] = process.argv.slice(2);
const files = photoFilesIn(photos ?? join(import.meta.dirname, '..', '..', 'docs', 'sample-photos'), 120);
const captionsOf = captions ? captionsIn(captions) : sampleCaptions;

/** A library in which every state is to be seen. */
async function busyLibrary(theme: 'light' | 'dark'): Promise<PhotoBackend> {
  const backend = await photoBackend({ files, captions: captionsOf });
  backend.settings = { ...backend.settings, theme, recentSearches: ['two dogs in the snow', 'sunset over the sea'] };
  const [folder] = backend.folders;
  if (!folder) return backend;
  backend.folders.push(
    { ...folder, folderId: 2, name: 'Holiday disk', path: '/media/disk/Holiday', photos: 1204, state: 'offline' },
    { ...folder, folderId: 3, name: 'Phone', path: '/home/ada/Phone', photos: 24_310, state: 'scanning', pending: 812 },
  );
  const failed = (fileId: number, name: string, code: string) =>
    ({ fileId, photoId: null, name, path: `/home/ada/Pictures/${name}`, code, message: code }) as const;
  backend.failures.push(failed(1, 'IMG_0231.jpg', 'decode/corrupt'), failed(2, 'scan.tif', 'decode/too-large'));
  const pack = { revision: null, licence: 'Apache-2.0', active: false, state: 'available', problem: null } as const;
  backend.packs.push(
    {
      ...pack,
      id: 'starter',
      title: 'Starter',
      notice: 'Ships with Photoseek.',
      sizeMb: 21,
      active: true,
      state: 'installed',
    },
    { ...pack, id: 'recommended', title: 'Recommended', notice: 'Finds far more.', sizeMb: 812 },
    { ...pack, id: 'best', title: 'Best', notice: 'Wants a graphics card.', sizeMb: 2410 },
  );
  backend.downloads.push({ packId: 'best', state: 'running', doneBytes: 812e6, totalBytes: 2410e6, error: null });
  return backend;
}

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.waitForTimeout(400);
}

async function takeAll(browser: Browser, theme: 'light' | 'dark', folder: string): Promise<void> {
  const backend = await busyLibrary(theme);
  const { page, host, close } = await openScreens(browser, backend, folder, { colorScheme: theme });
  const take = async (name: string): Promise<void> => {
    await settled(page);
    await page.screenshot({ path: join(out, `${name}-${theme}.png`) });
  };
  const box = page.getByRole('searchbox', { name: 'Search photos' });
  const way = page.getByLabel('How to search');
  const photo = page.locator('[role=gridcell] button');
  await photo.first().waitFor();
  const progress = { phase: 'indexing', done: 412, total: 1310, failed: 2, photosPerSecond: 4.1 } as const;
  host.events.publish('indexing.progress', { ...progress, secondsLeft: 219, paused: false, current: 'IMG_2231.jpg' });
  await take('gallery');
  await box.focus();
  await take('recent-searches');
  await box.fill('dark sky');
  await take('search');
  await page.getByText('Date', { exact: true }).click();
  await take('search-by-date');
  await way.selectOption('compare');
  await take('side-by-side');
  await way.selectOption('words');
  await box.fill('zeppelin');
  await take('nothing-found');
  await way.selectOption('fused');
  await box.fill('');
  await box.press('Escape');
  await photo.nth(2).dblclick();
  await take('viewer');
  await page.keyboard.press('e');
  await take('viewer-caption');
  await page.keyboard.press('Escape');
  await page.keyboard.press('z');
  await page.keyboard.press('l');
  await take('viewer-magnified');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  await take('settings');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await take('shortcuts');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '2 not readable' }).click();
  await take('failures');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Manage folder Pictures' }).click();
  await take('folder-menu');
  await page.getByRole('menuitem', { name: 'Leave out…' }).click();
  await take('leave-out');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add folder' }).click();
  await take('add-folder');
  await page.keyboard.press('Escape');
  const text = 'The part that looks at photos stopped three times. Search finds words only.';
  const banners = [{ kind: 'inference-stopped', severity: 'error', text, action: 'restart-inference' } as const];
  host.events.publish('shell.banners', { banners });
  await page.keyboard.press('Control+a');
  await take('notice-and-selection');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 480, height: 800 });
  await take('narrow');
  await close();
}

/** Folders on bad days, the notices of them, what is asked, and photos whose drive is away. */
async function takeBadDays(browser: Browser, theme: 'light' | 'dark', folder: string): Promise<void> {
  const backend = await photoBackend({ files, captions: captionsOf });
  backend.settings = { ...backend.settings, theme };
  const [pictures] = backend.folders;
  if (pictures) {
    const other = { ...pictures, photos: 1204, missing: 1204 };
    backend.folders.push(
      {
        ...other,
        folderId: 2,
        name: 'Holiday disk',
        path: '/media/disk/Holiday',
        state: 'offline',
        problem:
          'This folder cannot be found now. Plug in its drive, or put it back: its photos stay in the library and return with it.',
      },
      {
        ...other,
        folderId: 3,
        name: 'Camera card',
        path: '/media/card',
        state: 'emptied',
        vanished: 64,
        photos: 64,
        problem: 'None of its photos are in it now. They stay in the library until you say what happened.',
      },
      {
        ...other,
        folderId: 4,
        name: 'Family share',
        path: '/mnt/family',
        state: 'error',
        problem: 'Photoseek may not read this folder. Give yourself permission to read it.',
      },
    );
    Object.assign(pictures, { vanished: 412, photos: 2310 });
  }
  for (const photo of backend.photos.slice(2, 6)) {
    photo.missing = true;
    photo.path = `/media/disk/Holiday/${photo.name}`;
  }
  backend.photos.slice(0, 2).forEach((photo) => {
    photo.favourite = true;
  });
  const told = {
    isSecond: false,
    problem: null,
    inference: [],
    watching: { reason: 'limit', everyMinutes: 60 },
    restored: null,
    backupProblem: null,
    searchStopped: false,
  } as const;
  backend.banners.push(...bannersOf({ ...told, folders: backend.folders }));
  const { page, host, close } = await openScreens(browser, backend, folder, { colorScheme: theme });
  const take = async (name: string): Promise<void> => {
    await settled(page);
    await page.screenshot({ path: join(out, `${name}-${theme}.png`) });
  };
  await page.locator('[role=gridcell]').nth(3).hover();
  await take('bad-days');
  await page.getByRole('button', { name: 'Say what happened' }).first().click();
  await take('vanished');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'What happened to the photos of Camera card?' }).click();
  await take('emptied');
  await page.keyboard.press('Escape');
  const restored = {
    backupAt: Date.UTC(2026, 4, 3, 14, 5),
    aside: 'library-damaged-20260504.db',
    isWhole: false,
    wasAsked: false,
  };
  const problem = new AppError('store/disk-full', 'full');
  const banners = bannersOf({
    ...told,
    watching: null,
    folders: [],
    restored,
    problem,
    isSecond: true,
    searchStopped: true,
  });
  host.events.publish('shell.banners', { banners });
  await page.getByText('The library was put back').waitFor();
  await take('more-bad-days');
  await page.locator('[role=gridcell] button[data-photo-id="3"]').dblclick();
  await page.getByText('is not connected. This is the picture').waitFor();
  await take('viewer-offline');
  await close();
}

async function takeWelcome(browser: Browser, theme: 'light' | 'dark', folder: string): Promise<void> {
  const backend = await photoBackend({ files: [], captions: {} });
  backend.folders.length = 0;
  backend.settings = { ...backend.settings, theme };
  const { page, close } = await openScreens(browser, backend, folder, { colorScheme: theme });
  await page.getByRole('button', { name: 'Add folder' }).waitFor();
  await page.screenshot({ path: join(out, `welcome-${theme}.png`) });
  await close();
}

mkdirSync(out, { recursive: true });
const browser = await launchChromium();
const folder = mkdtempSync(join(tmpdir(), 'photoseek-screens-'));
for (const theme of ['light', 'dark'] as const) {
  await takeWelcome(browser, theme, join(folder, `welcome-${theme}`));
  await takeAll(browser, theme, join(folder, theme));
  await takeBadDays(browser, theme, join(folder, `bad-days-${theme}`));
}
await browser.close();
rmSync(folder, { recursive: true });
console.log(`screens are in ${out}`);
