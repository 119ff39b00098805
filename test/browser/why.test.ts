// Why a photo was found, in Chromium: over a photo on which the pointer rests, and in the viewer; only while something is searched for.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openSamples, type SampleScreens } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

const cat = 'a tabby cat looking up';

interface Asked {
  readonly text: string;
  readonly region: boolean;
}

const reasonsAsked = ({ backend }: SampleScreens): Asked[] =>
  backend.calls.filter(({ method }) => method === 'search.explain').map(({ input }) => input as Asked);

async function searching(browser: Browser, text: string): Promise<SampleScreens> {
  const screens = await openSamples(browser);
  await screens.searchBox.fill(text);
  await eventually(async () => (await screens.shown())[0]).toBe(cat);
  return screens;
}

/** Picture: left of the middle is light, the right edge dark. */
const darkness = ({ page }: SampleScreens): Promise<number[]> =>
  page.locator('canvas.region').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    return [4, 11].map((column) => pixels[4 * (5 * width + column) + 3] ?? -1);
  });

describe.skipIf(!hasChromium)('why a photo was found', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('shows region and words over the photo on which the pointer rests, and takes them away', async () => {
    const screens = await searching(browser, 'tabby cat');
    const { page, photo, viewer, wrongs, close } = screens;
    await photo(cat).hover();
    await page.locator('canvas.region').waitFor();
    expect(await darkness(screens)).toEqual([0, 158]);
    expect(await page.locator('.why mark').allTextContents()).toEqual(['tabby', 'cat']);
    const tile = await photo(cat).boundingBox();
    const over = await page.locator('.why').boundingBox();
    expect([over?.x, over?.y, over?.width, over?.height]).toEqual([tile?.x, tile?.y, tile?.width, tile?.height]);
    expect(reasonsAsked(screens).map(({ region }) => region)).toEqual([false, true]);
    await page.mouse.move(5, 5);
    await page.locator('.why').waitFor({ state: 'detached' });
    await photo(cat).hover();
    await page.locator('.why').waitFor();
    await photo(cat).click();
    await viewer.waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('asks nothing without a search, of a pointer that passes by, and while one types', async () => {
    const screens = await openSamples(browser);
    const { page, photo, searchBox, close } = screens;
    await photo(cat).hover();
    await page.waitForTimeout(700);
    await searchBox.fill('tabby cat');
    await eventually(async () => (await screens.shown())[0]).toBe(cat);
    for (let x = 300; x < 1200; x += 60) await page.mouse.move(x, 250);
    await page.mouse.move(5, 5);
    await photo(cat).hover();
    await searchBox.press('End');
    for (const letter of ' look') {
      await searchBox.press(letter === ' ' ? 'Space' : letter);
      await page.waitForTimeout(60);
    }
    expect(reasonsAsked(screens)).toEqual([]);
    await close();
  });

  it('tells it in the information panel of the viewer; the region comes by button or key, and goes with the search', async () => {
    const screens = await searching(browser, 'tabby cat');
    const { page, photo, viewer, searchBox, wrongs, close } = screens;
    await photo(cat).dblclick();
    const panel = viewer.getByRole('region', { name: 'Why this photo' });
    await panel.getByText('75 %').waitFor();
    expect(await panel.locator('mark').allTextContents()).toEqual(['tabby', 'cat']);
    expect(await panel.getByRole('progressbar', { name: 'Picture' }).getAttribute('aria-valuenow')).toBe('75');
    expect(reasonsAsked(screens).some(({ region }) => region)).toBe(false);
    await viewer.getByRole('button', { name: 'Show where it is' }).click();
    await viewer.locator('.picture canvas').waitFor();
    await page.keyboard.press('w');
    await viewer.locator('.picture canvas').waitFor({ state: 'detached' });
    await page.keyboard.press('w');
    await viewer.locator('.picture canvas').waitFor();
    await page.keyboard.press('Escape');
    await searchBox.fill('');
    await eventually(async () => (await screens.shown()).length).toBe(11);
    await photo(cat).dblclick();
    await viewer.getByRole('img', { name: cat }).waitFor();
    expect(await panel.count()).toBe(0);
    expect(await viewer.getByRole('button', { name: /where it is/ }).count()).toBe(0);
    await page.keyboard.press('w');
    expect(await viewer.locator('.picture canvas').count()).toBe(0);
    expect(wrongs).toEqual([]);
    await close();
  });
});
