// The viewer in Chromium: looking through, magnifying, describing, and what is wrong with a photo.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openSamples, type SampleScreens } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

const cat = 'a tabby cat looking up';

describe.skipIf(!hasChromium)('viewer', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Width of the picture as drawn. */
  const drawnWidth = ({ viewer }: SampleScreens): Promise<number> =>
    viewer.locator('.picture').evaluate((picture) => picture.getBoundingClientRect().width);

  it('is opened, looked through and left by keyboard, and the focus comes back to the photo it was left at', async () => {
    const screens = await openSamples(browser);
    const { page, photo, viewer, wrongs, close } = screens;
    await photo(cat).focus();
    await page.keyboard.press('Enter');
    await viewer.getByText('2 of 11').waitFor();
    await viewer.getByRole('img', { name: cat }).waitFor();
    await page.keyboard.press('ArrowRight');
    await viewer.getByText('3 of 11').waitFor();
    await page.keyboard.press('End');
    await viewer.getByText('11 of 11').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await viewer.getByText('1 of 11').waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    await eventually(() =>
      photo('a woman in an orange space suit').evaluate((button) => button === document.activeElement),
    ).toBe(true);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('magnifies by Z, wheel, buttons and double click, and moves what is magnified', async () => {
    const screens = await openSamples(browser);
    const { page, photo, viewer, close } = screens;
    await photo(cat).dblclick();
    await viewer.getByRole('img', { name: cat }).waitFor();
    await eventually(() => drawnWidth(screens)).toBeGreaterThan(300);
    const fitted = await drawnWidth(screens);
    await page.keyboard.press('z');
    await eventually(() => drawnWidth(screens)).toBeGreaterThan(fitted * 1.5);
    await page.keyboard.press('z');
    await eventually(() => drawnWidth(screens)).toBeCloseTo(fitted, 0);
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, -400);
    await eventually(() => drawnWidth(screens)).toBeGreaterThan(fitted * 1.5);
    const box = await viewer.locator('.picture').boundingBox();
    await page.mouse.down();
    await page.mouse.move(330, 340);
    await page.mouse.up();
    expect(await viewer.locator('.picture').boundingBox()).not.toEqual(box);
    await viewer.getByRole('button', { name: 'Fit to window' }).click();
    await eventually(() => drawnWidth(screens)).toBeCloseTo(fitted, 0);
    await viewer.getByRole('button', { name: 'Zoom in' }).click();
    await eventually(() => drawnWidth(screens)).toBeCloseTo(fitted * 1.5, 0);
    await close();
  });

  it('shows whose caption it is, keeps an edit, takes it back by undo and by revert', async () => {
    const { page, backend, photo, viewer, wrongs, close } = await openSamples(browser);
    await photo(cat).focus();
    await page.keyboard.press('Enter');
    const info = page.getByRole('complementary', { name: 'Photo information' });
    await info.getByText('Written by the model').waitFor();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Caption of this photo' }).fill('Hector <b>watches</b> us');
    await page.keyboard.press('Enter');
    await info.getByText('Written by you').waitFor();
    await info.getByText('Hector <b>watches</b> us').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await info.getByText('Written by the model').waitFor();
    await page.keyboard.press('e');
    await page.keyboard.type('Hector');
    await info.getByRole('button', { name: 'Save' }).click();
    await info.getByRole('button', { name: 'Use the generated caption' }).click();
    await info.getByText('Written by the model').waitFor();
    expect(backend.photo('cat.jpg').caption?.text).toBe(cat);
    await page.keyboard.press('e');
    await page.keyboard.type('not kept');
    await page.keyboard.press('Escape');
    await info.getByText('Written by the model').waitFor();
    expect(await viewer.isVisible()).toBe(true);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('tells what is known of a photo, and opens one like it', async () => {
    const { page, photo, viewer, close } = await openSamples(browser);
    await photo(cat).dblclick();
    const info = page.getByRole('complementary', { name: 'Photo information' });
    await info.getByText('23 mm · f/2.8 · 1/250 s · ISO 200').waitFor();
    await info.getByText('FUJIFILM X-T30').waitFor();
    await info.getByText('/home/ada/Pictures/cat.jpg').waitFor();
    expect(await info.getByRole('button', { name: 'Show in folder' }).count()).toBe(0);
    await info.getByRole('button', { name: 'Open similar photo: rows of old coins' }).click();
    await viewer.getByRole('img', { name: 'rows of old coins' }).waitFor();
    await close();
  });

  it('marks a favourite, which can be undone and then listed', async () => {
    const { page, backend, photo, viewer, shown, close } = await openSamples(browser);
    await photo(cat).dblclick();
    await viewer.getByRole('button', { name: 'Favourite', pressed: false }).waitFor();
    await page.keyboard.press('l');
    await viewer.getByRole('button', { name: 'Favourite', pressed: true }).waitFor();
    await page.getByText('Added to favourites').waitFor();
    expect(backend.photo('cat.jpg').favourite).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Favourites' }).click();
    await eventually(shown).toEqual([cat]);
    await close();
  });

  it('shows itself full screen and as a slideshow', async () => {
    const { page, photo, viewer, close } = await openSamples(browser);
    await photo(cat).dblclick();
    await page.keyboard.press('f');
    await viewer.getByRole('button', { name: 'Leave full screen' }).waitFor();
    await page.keyboard.press('f');
    await viewer.getByRole('button', { name: 'Full screen' }).waitFor();
    await page.keyboard.press('s');
    await viewer.getByText('3 of 11').waitFor();
    await viewer.getByRole('button', { name: 'Stop slideshow' }).click();
    await close();
  });

  it('says calmly that a photo is gone, missing, or cannot be read', async () => {
    const { page, host, backend, photo, viewer, wrongs, close } = await openSamples(browser, {
      prepare(backend) {
        backend.photo('coins.jpg').failure = { code: 'decode/corrupt', message: 'The file ends early.' };
        backend.photo('coffee.jpg').missing = true;
      },
    });
    await photo('rows of old coins').dblclick();
    await viewer.getByText('The file ends early.').waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer.getByRole('img', { name: 'a cup of coffee with a spoon on a wooden table' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer.getByText('3 of 11').waitFor();
    // The file was replaced on the disk: what the library knew as this photo is another one now.
    backend.photos.splice(2, 1);
    backend.changed(host);
    await viewer.getByText('This photo is no longer in the library.').waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer.getByRole('img', { name: cat }).waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });
});
