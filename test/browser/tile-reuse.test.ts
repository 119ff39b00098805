// Tiles of the gallery that go from photo to photo while a sentence is typed: nothing of the photo before may stay with them.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventually, openSamples, type SampleScreens } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

interface TypedScreens extends SampleScreens {
  /** Ids that each sentence finds; may be changed while the page is open. */
  readonly found: Record<string, number[]>;
  /** Asks a sentence and waits for its photos. */
  type(text: string): Promise<void>;
  /** The library changes: what is shown is asked again. Resolves when it was. */
  askedAgain(): Promise<void>;
}

const tile = (page: Page, id: number) => page.locator(`[data-photo-id="${id}"]`);

/** Ids in the order of their places. */
const idsShown = (page: Page): Promise<number[]> =>
  page
    .locator('[data-photo-id]')
    .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset['photoId'])));

const focusedId = (page: Page): Promise<number> =>
  page.evaluate(() => Number((document.activeElement as HTMLElement).dataset['photoId']));

/** Notes in every frame each picture that can be seen in the tile of another photo. */
function watchPictures(page: Page): Promise<void> {
  return page.evaluate(() => {
    const strange = new Set<string>();
    Object.assign(window, { strange });
    const look = (): void => {
      for (const image of document.querySelectorAll<HTMLImageElement>('[data-photo-id] img')) {
        const id = image.closest<HTMLElement>('[data-photo-id]')?.dataset['photoId'];
        const seen = getComputedStyle(image).opacity !== '0' && image.naturalWidth > 0;
        if (seen && !image.currentSrc.includes(`/media/${id}/`)) strange.add(`${image.currentSrc} in ${id}`);
      }
      requestAnimationFrame(look);
    };
    look();
  });
}

describe.skipIf(!hasChromium)('a tile that goes from photo to photo', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function open(found: Record<string, number[]>): Promise<TypedScreens> {
    const screens = await openSamples(browser, {
      replaced: {
        'search.rank': async ({ text }: { text: string }) => {
          const photoIds = found[text] ?? [];
          const scores = photoIds.map((_, at) => 1 - at / 100);
          const tookMs = { encode: 0, scan: 1, fuse: 0, total: 1 };
          const query = { texts: [text], chips: [], notes: [] };
          return { photoIds, scores, query, indexed: 11, pending: 0, tookMs };
        },
      },
    });
    onTestFinished(async () => {
      expect(screens.wrongs).toEqual([]);
      await screens.close();
    });
    const { page, backend, host, searchBox } = screens;
    await page.getByLabel('How to search').selectOption('words');
    await page.mouse.move(1, 1);
    const asked = (): number => backend.calls.filter(({ method }) => method === 'search.rank').length;
    return {
      ...screens,
      found,
      async type(text) {
        await searchBox.fill(text);
        await eventually(() => idsShown(page)).toEqual(found[text]);
      },
      async askedAgain() {
        const before = asked();
        backend.changed(host);
        await eventually(asked).toBeGreaterThan(before);
      },
    };
  }

  it('is the same element, and never shows a picture of the photo before', async () => {
    const { page, type } = await open({ a: [1, 2, 3, 4, 5, 6], ab: [7, 8, 9, 10, 11, 1], abc: [6, 5, 4, 3, 2, 1] });
    await type('a');
    const shown = page.locator('[data-photo-id] img.shown');
    await eventually(() => shown.count()).toBe(6);
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('[data-photo-id]')) Object.assign(one, { known: true });
    });
    await watchPictures(page);
    // The next pictures come late, so that what shows meanwhile shows for long.
    await page.route('**/media/*/thumbnail**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await type('ab');
    await eventually(() => shown.count()).toBe(6);
    await type('abc');
    await eventually(() => shown.count()).toBe(6);
    const sources = await shown.evaluateAll((all) =>
      all.map((one) => /media\/(\d+)/.exec((one as HTMLImageElement).src)?.[1]),
    );
    expect(sources.map(Number)).toEqual([6, 5, 4, 3, 2, 1]);
    const { strange, known } = await page.evaluate(() => ({
      strange: [...(window as unknown as { strange: Set<string> }).strange],
      known: [...document.querySelectorAll('[data-photo-id]')].filter((one) => 'known' in one).length,
    }));
    expect(strange).toEqual([]);
    expect(known).toBe(6);
  });

  it('forgets that the picture before was broken, and asks for a broken one again', async () => {
    const { page, type } = await open({ a: [1, 2], ab: [3, 4], abc: [1, 4] });
    let broken = true;
    let asked = 0;
    await page.route('**/media/1/thumbnail**', (route) => {
      asked++;
      return broken ? route.fulfill({ status: 500 }) : route.continue();
    });
    // As the timeline showed it, it is in the browser's memory.
    await page.reload();
    await tile(page, 1).waitFor();
    await page.getByLabel('How to search').selectOption('words');
    await type('a');
    await eventually(() => tile(page, 2).locator('img.shown').count()).toBe(1);
    // It waits ever longer between its tries; the next one is four seconds away, too late for another photo's picture.
    const before = asked;
    await eventually(() => asked - before).toBeGreaterThan(1);
    await type('ab');
    await expect.poll(() => page.locator('[data-photo-id] img.shown').count(), { timeout: 3000 }).toBe(2);
    await type('abc');
    await eventually(() => tile(page, 4).locator('img.shown').count()).toBe(1);
    broken = false;
    await eventually(() => tile(page, 1).locator('img.shown').count()).toBe(1);
  });

  it('gives the focus on with its photo, and keeps it at its place where that photo is gone', async () => {
    const { page, type, found, askedAgain, viewer } = await open({ a: [1, 2, 3] });
    await type('a');
    await tile(page, 2).focus();
    found['a'] = [3, 1, 2];
    await askedAgain();
    await eventually(() => idsShown(page)).toEqual([3, 1, 2]);
    await eventually(() => focusedId(page)).toBe(2);
    expect(await page.locator('[data-photo-id][tabindex="0"]').count()).toBe(1);
    found['a'] = [4, 5, 6];
    await askedAgain();
    await eventually(() => idsShown(page)).toEqual([4, 5, 6]);
    await eventually(() => focusedId(page)).toBe(6);
    await page.keyboard.press('ArrowLeft');
    expect(await focusedId(page)).toBe(5);
    await page.keyboard.press('Enter');
    await viewer.getByText('2 of 3').waitFor();
  });

  it('is named and marked as its new photo, and selected as that one is', async () => {
    const { page, backend, type } = await open({ a: [1, 2, 3], ab: [4, 2, 1] });
    await type('a');
    await tile(page, 1).click({ modifiers: ['Control'] });
    await type('ab');
    const state = await page.locator('[role=gridcell]').evaluateAll((cells) =>
      cells.map((cell) => ({
        selected: cell.getAttribute('aria-selected'),
        label: cell.querySelector('button')?.getAttribute('aria-label'),
      })),
    );
    const label = (id: number): string | undefined =>
      backend.photos.find(({ photoId }) => photoId === id)?.caption?.text;
    expect(state).toEqual([
      { selected: 'false', label: label(4) },
      { selected: 'false', label: label(2) },
      { selected: 'true', label: label(1) },
    ]);
  });

  it('opens nothing where the photo under a pressed button became another one', async () => {
    const { page, type, viewer } = await open({ a: [1, 2, 3], ab: [4, 5, 6] });
    // A pressed picture that is taken away is no click anyway.
    await page.route('**/thumbnail**', (route) => route.fulfill({ status: 500 }));
    await page.reload();
    await page.getByLabel('How to search').selectOption('words');
    await type('a');
    await expect.poll(() => page.locator('[data-photo-id] img').count()).toBe(0);
    await tile(page, 1).hover();
    await page.mouse.down();
    await type('ab');
    await page.mouse.up();
    await tile(page, 5).click();
    // That it opened the second shows that the first click had its time and opened nothing.
    await viewer.getByText('2 of 3').waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'hidden' });
    // Screen readers and keys click without a pointer.
    await tile(page, 6).evaluate((button) => (button as HTMLElement).click());
    await viewer.getByText('3 of 3').waitFor();
  });

  it('keeps its photo under a pressed button while a better ranking comes', async () => {
    const { page, type, found, askedAgain, viewer } = await open({ a: [1, 2, 3], ab: [2, 1, 3] });
    await type('a');
    await tile(page, 1).hover();
    // Typing lets go of what was pointed at; the pointer rests.
    await type('ab');
    await page.mouse.down();
    found['ab'] = [3, 4, 2];
    await askedAgain();
    await eventually(() => idsShown(page)).toEqual([2, 1, 3, 4]);
    await page.mouse.up();
    await viewer.getByText('1 of 4').waitFor();
  });
});
