// Folders that are away, emptied, closed or miss files; what is asked of the person then; and what the window says of offline photos. In Chromium.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderBanners } from '../../main/services/shell/folder-banners.ts';
import type { FolderView } from '../../preload/contract/library.ts';
import type { PhotoBackend } from '../helpers/photo-backend.ts';
import { eventually, openSamples } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

/** Adds folders beside the first one, and the banners that the application would show of them all. */
function standing(backend: PhotoBackend, first: Partial<FolderView>, ...others: Partial<FolderView>[]): void {
  const [folder] = backend.folders;
  if (!folder) throw new Error('the backend has one folder');
  Object.assign(folder, first);
  for (const [at, other] of others.entries()) {
    const name = `Folder ${at + 2}`;
    backend.folders.push({ ...folder, vanished: 0, folderId: at + 2, name, path: `/home/ada/${name}`, ...other });
  }
  backend.banners.push(...folderBanners(backend.folders));
}

const answers = (backend: PhotoBackend): unknown[] =>
  backend.calls.filter(({ method }) => method === 'library.settleVanished').map(({ input }) => input);
const focusedName = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.querySelector('.name')?.textContent ?? null);

describe.skipIf(!hasChromium)('how folders stand', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('names each state with what to do, and a notice leads to the folder', async () => {
    const { page, wrongs, close } = await openSamples(browser, {
      prepare: (backend) =>
        standing(
          backend,
          {},
          { name: 'Disk', state: 'offline', problem: 'Plug in its drive.' },
          { name: 'Share', state: 'error', problem: 'Give yourself permission to read it.' },
        ),
    });
    const list = page.getByRole('list', { name: 'Folders' });
    await list.getByText('Not connected').waitFor();
    await list.getByText('Plug in its drive.').waitFor();
    await list.getByText('Give yourself permission to read it.').waitFor();
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByText('“Disk” is not connected.').waitFor();
    await notices.getByText('“Share” cannot be read.').waitFor();
    expect(await notices.getByRole('button', { name: /more notice/ }).count()).toBe(0);
    await notices.getByRole('button', { name: 'Show folders' }).first().click();
    await eventually(() => focusedName(page)).toBe('Disk');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('asks from the notice what happened to files that vanished; keeping them is one press', async () => {
    const { page, backend, host, wrongs, close } = await openSamples(browser, {
      prepare: (one) => standing(one, { vanished: 412, photos: 1204 }),
    });
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByText('412 photos in “Pictures” are gone from the disk.').waitFor();
    await notices.getByRole('button', { name: 'Say what happened' }).click();
    const dialog = page.getByRole('dialog', { name: '412 photos in “Pictures” are gone from the disk' });
    await dialog.getByText('Did you delete or move them?').waitFor();
    await dialog.getByText('What you wrote about them is kept').waitFor();
    await dialog.getByText('/home/ada/Pictures').waitFor();
    // Closing is no answer.
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(answers(backend)).toEqual([]);
    await notices.getByRole('button', { name: 'Say what happened' }).click();
    await dialog.getByRole('button', { name: 'Keep them' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('412 photos stay in the library').waitFor();
    expect(answers(backend)).toEqual([{ folderId: 1, gone: false }]);
    host.events.publish('shell.banners', { banners: [] });
    await notices.getByText('gone from the disk').waitFor({ state: 'detached' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('asks folder by folder from the list, by keyboard too, and about an emptied one in its own words', async () => {
    const { page, backend, wrongs, close } = await openSamples(browser, {
      prepare: (one) =>
        standing(
          one,
          { vanished: 30, photos: 200 },
          { name: 'Card', state: 'emptied', photos: 64, vanished: 64 },
          { name: 'Disk', state: 'offline', vanished: 7 },
        ),
    });
    const list = page.getByRole('list', { name: 'Folders' });
    await list.getByText('30 gone', { exact: true }).waitFor();
    await list.getByRole('button', { name: 'What happened to the photos of Card?' }).focus();
    await page.keyboard.press('Enter');
    const emptied = page.getByRole('dialog', { name: 'The photos of “Card” are not there' });
    await emptied.getByText('Another disk may be connected in its place').waitFor();
    await emptied.getByRole('button', { name: 'They are gone' }).click();
    // The next folder that is to be asked about; one whose drive is away is none.
    const other = page.getByRole('dialog', { name: '30 photos in “Pictures” are gone from the disk' });
    await other.getByRole('button', { name: 'Decide later' }).click();
    await other.waitFor({ state: 'detached' });
    await page.getByText('64 photos left the library. What you wrote about them is kept.').waitFor();
    expect(answers(backend)).toEqual([{ folderId: 2, gone: true }]);
    await list.getByText('30 gone', { exact: true }).waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('shows two notices, and the others when asked', async () => {
    const { page, close } = await openSamples(browser, {
      prepare: (one) =>
        standing(
          one,
          { vanished: 1 },
          { state: 'offline' },
          { state: 'error' },
          { state: 'emptied', photos: 3, vanished: 3 },
        ),
    });
    const notices = page.getByRole('region', { name: 'Notices' });
    const shown = notices.getByRole('button', { name: 'Hide this notice' });
    await eventually(() => shown.count()).toBe(2);
    await notices.getByRole('button', { name: '2 more notices' }).click();
    await eventually(() => shown.count()).toBe(4);
    await notices.getByRole('button', { name: 'Show fewer notices' }).click();
    await eventually(() => shown.count()).toBe(2);
    await close();
  });

  it('says why an answer was not taken, and asks on', async () => {
    const { page, close } = await openSamples(browser, {
      prepare: (one) => standing(one, { vanished: 1 }),
      replaced: {
        'library.settleVanished': async () => {
          throw new Error('not now');
        },
      },
    });
    await page.getByRole('button', { name: 'What happened to the photos of Pictures?' }).click();
    const dialog = page.getByRole('dialog', { name: '1 photo in “Pictures” is gone from the disk' });
    await dialog.getByRole('button', { name: 'It is gone' }).click();
    await dialog.locator('.toast').waitFor();
    await dialog.getByRole('button', { name: 'Keep it' }).waitFor();
    await close();
  });

  it('asks nothing where this window may change nothing', async () => {
    const { page, close } = await openSamples(browser, {
      prepare: (one) => standing(one, { vanished: 30 }),
      replaced: {
        'shell.capabilities': async () => ({
          version: '1',
          pickFolder: 'browse',
          reveal: false,
          drag: false,
          openAtLogin: false,
          tray: false,
          canChange: false,
          samplePhotos: false,
          device: { name: 'cpu', reason: 'always there' },
        }),
      },
    });
    await page.getByRole('list', { name: 'Folders' }).getByText('30 gone', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Manage folder' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /What happened|Say what/ }).count()).toBe(0);
    await close();
  });

  it('marks photos of a drive that is away, shows what it kept of them, and says so in the viewer', async () => {
    const { page, backend, host, photo, viewer, wrongs, close } = await openSamples(browser, {
      prepare(one) {
        standing(one, { state: 'offline', missing: 11 });
        for (const each of one.photos) each.missing = true;
      },
    });
    const tile = photo('a tabby cat looking up');
    expect(await tile.getAttribute('title')).toBe('The file cannot be reached now');
    await tile.locator('img.shown').waitFor();
    // Only the small picture lies in the library.
    await page.route(/\/preview/, (route) => route.fulfill({ status: 404 }));
    await tile.dblclick();
    await viewer.getByRole('img', { name: 'a tabby cat looking up' }).waitFor();
    await viewer.getByText('“Pictures” is not connected.').waitFor();
    expect(await viewer.getByText('This photo cannot be shown').count()).toBe(0);
    // Back again: nothing is said any more, without a key being pressed.
    Object.assign(backend.folders[0] ?? {}, { state: 'ready', missing: 0 });
    for (const each of backend.photos) each.missing = false;
    backend.changed(host);
    await viewer.getByText('“Pictures” is not connected.').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await eventually(() => tile.getAttribute('title')).toBe(null);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('is not up to date while a folder that was just added waits to be looked through', async () => {
    let finish = (): void => undefined;
    const { page, close } = await openSamples(browser, {
      replaced: {
        'indexing.rescan': () => new Promise<object>((resolve) => (finish = () => resolve({}))),
      },
    });
    const status = page.getByRole('status', { name: 'Indexing' });
    await status.getByText('Up to date').waitFor();
    await page.getByRole('button', { name: 'Manage folder Pictures' }).click();
    await page.getByRole('menuitem', { name: 'Look for changes now' }).click();
    await status.getByText('Looking for photos…').waitFor();
    finish();
    await status.getByText('Up to date').waitFor();
    await close();
  });
});

describe.skipIf(!hasChromium)('marks and sizes in the gallery', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('a star comes with the pointer and marks without opening the photo', async () => {
    const { page, backend, photo, viewer, wrongs, close } = await openSamples(browser);
    const cell = page
      .getByRole('gridcell')
      .filter({ has: page.getByRole('button', { name: 'a tabby cat looking up' }) });
    const star = cell.locator('.star');
    expect(await star.count()).toBe(0);
    await cell.hover();
    await eventually(() => star.count()).toBe(1);
    await star.click();
    await eventually(() => backend.photo('cat.jpg').favourite).toBe(true);
    expect(await viewer.count()).toBe(0);
    await page.mouse.move(0, 0);
    await eventually(() => star.getAttribute('class')).toContain('favourite');
    expect(await star.isVisible()).toBe(true);
    expect(await photo('a tabby cat looking up').getAttribute('title')).toBe('Favourite');
    await star.click();
    await eventually(() => backend.photo('cat.jpg').favourite).toBe(false);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('L marks the photo that has the focus, and takes the mark away again', async () => {
    const { page, backend, photo, close } = await openSamples(browser);
    await photo('rows of old coins').focus();
    await page.keyboard.press('l');
    await eventually(() => backend.photo('coins.jpg').favourite).toBe(true);
    await eventually(() => photo('rows of old coins').getAttribute('title')).toBe('Favourite');
    await page.keyboard.press('l');
    await eventually(() => backend.photo('coins.jpg').favourite).toBe(false);
    await close();
  });

  it('the size of photos is changed in the bar, by keyboard', async () => {
    const { page, backend, close } = await openSamples(browser);
    const slider = page.getByRole('slider', { name: 'Thumbnail size' });
    const height = async (): Promise<number> => (await page.getByRole('gridcell').first().boundingBox())?.height ?? 0;
    const before = await height();
    await slider.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    await eventually(() => backend.settings.rowHeight).toBe(280);
    await eventually(height).toBeGreaterThan(before);
    await close();
  });

  it('says that a folder can be dropped where it can', async () => {
    const { page, close } = await openSamples(browser, {
      empty: true,
      replaced: {
        'shell.capabilities': async () => ({
          version: '1',
          pickFolder: 'native',
          reveal: true,
          drag: true,
          openAtLogin: false,
          tray: false,
          canChange: true,
          samplePhotos: true,
          device: { name: 'cpu', reason: 'always there' },
        }),
      },
    });
    const line = page.getByText('Or drop a folder here.');
    await line.waitFor();
    expect((await line.boundingBox())?.height).toBeGreaterThan(10);
    await close();
  });

  it('dates a photo that names no time by its file, and says so', async () => {
    const { page, photo, close } = await openSamples(browser, {
      prepare(backend) {
        Object.assign(backend.photo('cat.jpg'), { takenAt: null, fileDate: '2021-05-03T09:07:00' });
        Object.assign(backend.photo('coins.jpg'), { takenAt: null, fileDate: null });
      },
    });
    const info = page.getByRole('complementary', { name: 'Photo information' });
    await photo('a tabby cat looking up').dblclick();
    await info.getByText('Monday, 3 May 2021 at 09:07').or(info.getByText('Monday 3 May 2021 at 09:07')).waitFor();
    await info.getByText('Date of the file; the photo names none').waitFor();
    await page.keyboard.press('Escape');
    await photo('rows of old coins').dblclick();
    await info.getByText('Date unknown').waitFor();
    await close();
  });
});
