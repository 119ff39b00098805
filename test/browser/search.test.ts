// Searching in Chromium: on every key, in every way, and where nothing is found.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openSamples } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

describe.skipIf(!hasChromium)('search', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('ranks the gallery while a sentence is typed, and gives it back when the box is cleared', async () => {
    const { page, backend, searchBox, shown, wrongs, close } = await openSamples(browser);
    await page.keyboard.press('/');
    await eventually(() => searchBox.evaluate((box) => box === document.activeElement)).toBe(true);
    await page.keyboard.type('tabby cat');
    await eventually(async () => (await shown())[0]).toBe('a tabby cat looking up');
    const asked = (): string[] =>
      backend.calls
        .filter(({ method }) => method === 'search.rank')
        .map(({ input }) => (input as { text: string }).text);
    // The photo is found before its last letter is typed.
    await eventually(asked).toEqual(expect.arrayContaining(['t', 'tab', 'tabby cat']));
    await searchBox.fill('galaxies');
    await eventually(async () => (await shown())[0]).toBe('many galaxies in the dark sky');
    await page.keyboard.press('Escape');
    expect(await searchBox.inputValue()).toBe('');
    await eventually(() => page.getByText('Sun, 18 August 2024').isVisible()).toBe(true);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('orders what was found by date, with days', async () => {
    const { page, searchBox, wrongs, close } = await openSamples(browser);
    await searchBox.fill('dark');
    await page.getByText('Date', { exact: true }).click();
    await page.getByText(/\d+ likely, by date/).waitFor();
    await page.getByText('Sun, 18 August 2024').waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('shows the same sentence ranked in three ways side by side, and opens a photo from there', async () => {
    const { page, searchBox, viewer, wrongs, close } = await openSamples(browser);
    await page.getByLabel('How to search').selectOption('compare');
    await searchBox.fill('cup of coffee');
    for (const way of ['ESR', 'CBR', 'Fused']) {
      const list = page.getByRole('list', { name: way });
      await list.getByRole('button', { name: 'a cup of coffee with a spoon on a wooden table' }).waitFor();
      expect(await list.getByRole('listitem').count()).toBe(11);
    }
    await page.getByRole('list', { name: 'CBR' }).getByRole('button').first().click();
    await viewer.getByText('1 of 11').waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says why nothing was found and what else can be done', async () => {
    const { page, searchBox, shown, wrongs, close } = await openSamples(browser);
    await page.getByLabel('How to search').selectOption('words');
    await searchBox.fill('zeppelin');
    await page.getByRole('heading', { name: 'Nothing found for “zeppelin”' }).waitFor();
    await page.getByRole('button', { name: 'Search in every way' }).click();
    await eventually(async () => (await shown()).length).toBe(11);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says that nothing has been looked at yet', async () => {
    const { page, searchBox, close } = await openSamples(browser, {
      replaced: {
        'search.rank': async () => ({
          photoIds: [],
          scores: [],
          query: { texts: ['cat'], chips: [], notes: [] },
          indexed: 0,
          pending: 11,
          tookMs: { encode: 0, scan: 0, fuse: 0, total: 0 },
        }),
      },
    });
    await searchBox.fill('cat');
    await page.getByText('No photo has been looked at yet').waitFor();
    await page.getByText('11 photos not looked at yet').waitFor();
    await close();
  });

  it('offers recent searches in the empty box, and forgets one', async () => {
    const { page, backend, searchBox, shown, close } = await openSamples(browser);
    await searchBox.fill('coins');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    const recent = page.getByRole('list', { name: 'Recent searches' });
    await recent.getByRole('button', { name: 'coins', exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await searchBox.inputValue()).toBe('coins');
    await eventually(async () => (await shown())[0]).toBe('rows of old coins');
    await page.keyboard.press('Escape');
    await recent.getByRole('button', { name: 'Forget “coins”' }).click();
    await eventually(() => backend.settings.recentSearches).toEqual([]);
    await close();
  });

  it('takes ten thousand characters, right-to-left and emoji sentences calmly', async () => {
    const { page, backend, searchBox, wrongs, close } = await openSamples(browser);
    await searchBox.fill('a cat '.repeat(1700));
    await page.getByText('Only the first 500 characters are searched.').waitFor();
    await searchBox.fill('قطة 🐈‍⬛');
    await eventually(() => backend.calls.some(({ input }) => (input as { text?: string }).text === 'قطة 🐈‍⬛')).toBe(
      true,
    );
    expect(backend.calls.every(({ input }) => ((input as { text?: string }).text ?? '').length <= 500)).toBe(true);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('stays of use when the pictures cannot be asked', async () => {
    const { page, searchBox, shown, close } = await openSamples(browser, {
      replaced: {
        'search.rank': async ({ mode }: { mode: string }) => {
          if (mode !== 'words') throw new Error('the model stopped');
          return {
            photoIds: [2],
            scores: [1],
            query: { texts: ['cat'], chips: [], notes: [] },
            indexed: 11,
            pending: 0,
            tookMs: { encode: 0, scan: 1, fuse: 0, total: 1 },
          };
        },
      },
    });
    await searchBox.fill('cat');
    await page.getByText('1 photo', { exact: true }).waitFor();
    await eventually(shown).toEqual(['a tabby cat looking up']);
    await close();
  });
});
