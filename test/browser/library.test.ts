// Folders, settings, status, failures, notices and the selection in Chromium.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openSamples } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

const progress = {
  phase: 'indexing',
  done: 412,
  total: 1310,
  failed: 0,
  photosPerSecond: 4,
  secondsLeft: 219,
  paused: false,
  current: 'IMG_2231.jpg',
} as const;
const packs = [
  {
    id: 'starter',
    title: 'Starter',
    revision: '1',
    licence: 'Research and education',
    notice: 'Ships with Photoseek.',
    sizeMb: 21.4,
    active: true,
    state: 'installed' as const,
    problem: null,
  },
  {
    id: 'recommended',
    title: 'Recommended',
    revision: null,
    licence: 'Apache-2.0',
    notice: 'Finds more.',
    sizeMb: 812,
    active: false,
    state: 'available' as const,
    problem: null,
  },
];

describe.skipIf(!hasChromium)('the library on the screen', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('explains itself while it is empty, and adds the folder that was browsed to', async () => {
    const { page, backend, wrongs, close } = await openSamples(browser, { empty: true });
    await page.getByRole('heading', { name: 'Find your photos by what they show' }).waitFor();
    await page.getByRole('button', { name: 'Try with sample photos' }).waitFor();
    await page.getByRole('button', { name: 'Add folder' }).click();
    const browsed = page.getByRole('dialog', { name: 'Choose a folder' });
    await browsed.getByRole('button', { name: /^Home/ }).click();
    await browsed.getByText('This place is too wide to add as a whole.').waitFor();
    await browsed.getByRole('button', { name: 'Pictures' }).click();
    await browsed.getByRole('button', { name: 'Add “Pictures”' }).click();
    await browsed.waitFor({ state: 'detached' });
    await page.getByText('“Pictures” is being read').waitFor();
    expect(backend.calls.find(({ method }) => method === 'library.addPlace')?.input).toEqual({
      placeId: 'id of /home/ada/Pictures',
    });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('lists folders with how they stand; removing one says that photos stay, and can be undone', async () => {
    const { page, backend, close } = await openSamples(browser, {
      prepare({ folders }) {
        const [first] = folders;
        if (first)
          folders.push({ ...first, folderId: 2, name: 'Disk', path: '/media/disk', state: 'offline', photos: 1204 });
      },
    });
    const list = page.getByRole('list', { name: 'Folders' });
    await list.getByText('Up to date').waitFor();
    await list.getByText('Not connected').waitFor();
    await list.getByText('1,204', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Manage folder Disk' }).click();
    await page.getByRole('menuitem', { name: 'Remove from library…' }).click();
    await page.getByText('The photos stay on your disk, exactly as they are.').waitFor();
    await page.getByRole('button', { name: 'Remove from library', exact: true }).click();
    await eventually(() => backend.folders.map(({ path }) => path)).toEqual(['/home/ada/Pictures']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await eventually(() => backend.folders.map(({ path }) => path)).toEqual(['/home/ada/Pictures', '/media/disk']);
    await close();
  });

  it('leaves out what a person names', async () => {
    const { page, backend, close } = await openSamples(browser);
    await page.getByRole('button', { name: 'Manage folder Pictures' }).click();
    await page.getByRole('menuitem', { name: 'Leave out…' }).click();
    await page.getByRole('textbox', { name: 'Patterns to leave out' }).fill('Screenshots/\n\n*.png');
    await page.getByRole('button', { name: 'Save' }).click();
    await eventually(() => backend.folders[0]?.exclude).toEqual(['Screenshots/', '*.png']);
    await close();
  });

  it('says how far the work is; pause and speed are within reach', async () => {
    const { page, host, backend, close } = await openSamples(browser);
    const status = page.getByRole('status', { name: 'Indexing' });
    await status.getByText('Up to date').waitFor();
    host.events.publish('indexing.progress', progress);
    await status.getByText('412 of 1,310').waitFor();
    await status.getByText('898 left · about 4 min').waitFor();
    await page.getByLabel('Indexing speed').selectOption('quiet');
    await eventually(() => backend.settings.speed).toBe('quiet');
    await page.getByRole('button', { name: 'Pause indexing' }).click();
    await status.getByText('Paused, 898 left').waitFor();
    await page.getByRole('button', { name: 'Resume indexing' }).waitFor();
    await close();
  });

  it('changes the theme at once, and keeps it', async () => {
    const { page, backend, close } = await openSamples(browser, { context: { colorScheme: 'light' } });
    await page.keyboard.press('Control+,');
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await eventually(background).toBe('rgb(18, 19, 20)');
    await eventually(() => backend.settings.theme).toBe('dark');
    await page.getByRole('dialog', { name: 'Settings' }).getByText('always there').waitFor();
    await close();
  });

  it('downloads, pauses and uses a pack, and says what went wrong', async () => {
    const { page, host, backend, close } = await openSamples(browser, {
      prepare: (one) => void one.packs.push(...packs),
    });
    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByText('Research and education').waitFor();
    await settings.getByRole('button', { name: 'Download 812 MB' }).click();
    await eventually(() => backend.calls.find(({ method }) => method === 'models.download')?.input).toEqual({
      packId: 'recommended',
    });
    const download = {
      packId: 'recommended',
      state: 'running',
      doneBytes: 203e6,
      totalBytes: 812e6,
      error: null,
    } as const;
    const tell = (more: object): void => {
      const downloads = [{ ...download, ...more }];
      backend.downloads.splice(0, 1, ...downloads);
      host.events.publish('models.downloads', { downloads });
    };
    tell({});
    await settings.getByText('203 MB of 812 MB').waitFor();
    await settings.getByRole('button', { name: 'Pause' }).waitFor();
    tell({ state: 'failed', error: 'The file is not what it should be (wrong hash). Try again.' });
    await settings.getByText('wrong hash').waitFor();
    await settings.getByRole('button', { name: 'Go on' }).waitFor();
    const [, recommended] = backend.packs;
    if (recommended) recommended.state = 'installed';
    tell({ state: 'done' });
    await settings.getByRole('button', { name: 'Use this pack' }).waitFor();
    await close();
  });

  it('lists files that could not be read: retry, ignore, undo', async () => {
    const failure = (fileId: number, name: string, code: string) => ({
      fileId,
      photoId: null,
      name,
      path: `/p/${name}`,
      code,
      message: code,
    });
    const { page, backend, close } = await openSamples(browser, {
      prepare: ({ failures }) =>
        void failures.push(failure(1, 'broken.jpg', 'decode/corrupt'), failure(2, 'huge.tif', 'decode/too-large')),
    });
    await page.getByRole('button', { name: '2 not readable' }).click();
    const list = page.getByRole('list', { name: 'Files that could not be read' });
    await list.getByText('The file is damaged').waitFor();
    await page.getByRole('button', { name: 'Ignore: broken.jpg' }).click();
    await eventually(() => list.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone').waitFor();
    await eventually(() => list.getByRole('listitem').count()).toBe(2);
    expect(backend.calls.filter(({ method }) => /Failures$/.test(method)).map(({ input }) => input)).toEqual([
      { fileIds: [1], ignored: true },
      { fileIds: [1], ignored: false },
    ]);
    await close();
  });

  it('shows notices that say what to do, and does it', async () => {
    const { page, host, backend, close } = await openSamples(browser);
    const text = 'The part that looks at photos stopped. Search finds words only.';
    const banners = [{ kind: 'inference-stopped', severity: 'error', text, action: 'restart-inference' } as const];
    host.events.publish('shell.banners', { banners });
    await page.getByRole('region', { name: 'Notices' }).getByText(text).waitFor();
    await page.getByRole('button', { name: 'Start again' }).click();
    host.events.publish('shell.banners', { banners: [] });
    await page.getByText(text).waitFor({ state: 'hidden' });
    expect(backend.calls.find(({ method }) => method === 'shell.act')?.input).toEqual({ action: 'restart-inference' });
    await close();
  });

  it('counts what is selected, marks it, undoes it, and clears by Escape', async () => {
    const { page, backend, photo, close } = await openSamples(browser);
    await photo('a tabby cat looking up').focus();
    await page.keyboard.press('Space');
    const bar = page.getByRole('toolbar', { name: 'Selected photos' });
    await bar.getByText('1 selected').waitFor();
    await page.keyboard.press('Control+a');
    await bar.getByText('11 selected').waitFor();
    await bar.getByRole('button', { name: 'Favourite' }).click();
    await eventually(() => backend.photos.filter(({ favourite }) => favourite).length).toBe(11);
    await page.getByRole('button', { name: 'Undo' }).click();
    await eventually(() => backend.photos.filter(({ favourite }) => favourite).length).toBe(0);
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'detached' });
    await close();
  });

  it('keeps the selection while Escape closes a question over it', async () => {
    const { page, photo, close } = await openSamples(browser);
    await photo('rows of old coins').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Manage folder Pictures' }).click();
    await page.getByRole('menuitem', { name: 'Leave out…' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('1 selected').waitFor();
    await close();
  });

  it('copies paths to the clipboard', async () => {
    const { page, photo, close } = await openSamples(browser, {
      context: { permissions: ['clipboard-read', 'clipboard-write'] },
    });
    await photo('rows of old coins').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Copy paths' }).click();
    await page.getByText('Path copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('/home/ada/Pictures/coins.jpg');
    await close();
  });
});
