// What happens to the library while it is looked at: a folder deleted, a photo replaced, broken files in view, two windows at once. In Chromium.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderBanners } from '../../main/services/shell/folder-banners.ts';
import { eventually, openSamples } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

const cat = 'a tabby cat looking up';

describe.skipIf(!hasChromium)('bad days while the window is open', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('a folder that goes away under the gallery keeps its photos, the focus and the place; they are whole again when it returns', async () => {
    const { page, backend, host, photo, shown, wrongs, close } = await openSamples(browser);
    const before = await shown();
    await photo(cat).focus();
    const stand = (state: 'ready' | 'offline'): void => {
      Object.assign(backend.folders[0] ?? {}, { state });
      for (const one of backend.photos) one.missing = state === 'offline';
      host.events.publish('shell.banners', { banners: folderBanners(backend.folders) });
      backend.changed(host);
    };
    stand('offline');
    await page.getByRole('region', { name: 'Notices' }).getByText('“Pictures” is not connected.').waitFor();
    await eventually(() => photo(cat).getAttribute('title')).toBe('The file cannot be reached now');
    expect(await shown()).toEqual(before);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(cat);
    // Searching goes on over what the library keeps.
    await page.getByRole('searchbox', { name: 'Search photos' }).fill('cat');
    await page.getByText('best first').waitFor();
    await eventually(async () => (await shown())[0]).toBe(cat);
    await page.getByRole('searchbox', { name: 'Search photos' }).fill('');
    stand('ready');
    await eventually(() => photo(cat).getAttribute('title')).toBe(null);
    await page.getByText('“Pictures” is not connected.').waitFor({ state: 'detached' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('a photo replaced on the disk while it is open is shown anew, where it was', async () => {
    const { page, backend, host, photo, viewer, wrongs, close } = await openSamples(browser);
    await photo(cat).dblclick();
    const picture = viewer.getByRole('img', { name: cat });
    await picture.waitFor();
    const before = await picture.getAttribute('src');
    Object.assign(backend.photo('cat.jpg'), { mediaRevision: 2, sizeBytes: 987_654 });
    backend.changed(host);
    await eventually(() => picture.getAttribute('src')).not.toBe(before);
    await page.getByRole('complementary', { name: 'Photo information' }).getByText('987.7 kB').waitFor();
    await eventually(() =>
      picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0),
    ).toBe(true);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('broken and huge files in view are marked, open with their reason, and leave the others alone', async () => {
    const { page, photo, viewer, shown, wrongs, close } = await openSamples(browser, {
      prepare(backend) {
        backend.photo('coins.jpg').failure = { code: 'decode/corrupt', message: 'The file ends early.' };
        backend.photo('temple.jpg').failure = { code: 'decode/too-large', message: 'It has 400 million pixels.' };
      },
    });
    expect(await photo('rows of old coins').getAttribute('title')).toBe('Could not be read');
    expect(await shown()).toHaveLength(11);
    await photo('the roof of a temple').dblclick();
    await viewer.getByText('It has 400 million pixels.').waitFor();
    await page.keyboard.press('Escape');
    await photo(cat).locator('img.shown').waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('two windows show the same: a mark, a caption, and an answer given in the other one', async () => {
    const { page, backend, host, photo, wrongs, close } = await openSamples(browser, {
      prepare: ({ folders }) => void Object.assign(folders[0] ?? {}, { vanished: 3 }),
    });
    const other = await page.context().newPage();
    other.on('pageerror', (error) => wrongs.push(String(error)));
    await other.goto(host.signInUrl());
    const there = (name: string) => other.getByRole('gridcell').getByRole('button', { name });
    await there(cat).waitFor();
    await photo(cat).focus();
    await page.keyboard.press('l');
    await eventually(() => there(cat).getAttribute('title')).toBe('Favourite');
    await there(cat).dblclick();
    await other.keyboard.press('e');
    await other.getByRole('textbox', { name: 'Caption of this photo' }).fill('Our cat Minka');
    await other.keyboard.press('Enter');
    await photo('Our cat Minka').waitFor();
    // The question stands open in one window while the other answers it.
    await page.getByRole('button', { name: 'What happened to the photos of Pictures?' }).click();
    const question = page.getByRole('dialog', { name: '3 photos in “Pictures” are gone from the disk' });
    await question.waitFor();
    await other.keyboard.press('Escape');
    await other.getByRole('button', { name: 'What happened to the photos of Pictures?' }).click();
    await other.getByRole('button', { name: 'Keep them' }).click();
    await question.waitFor({ state: 'detached' });
    expect(backend.calls.filter(({ method }) => method === 'library.settleVanished')).toHaveLength(1);
    expect(wrongs).toEqual([]);
    await close();
  });
});
