// The real application in Chromium while its processes are killed: the page recovers by itself and loses no edit that was acknowledged.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendantsRunning } from '../helpers/cli.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';
import { buildPage, startServe } from '../helpers/serve.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

const patient = { timeout: 60_000 };

describe.skipIf(!hasChromium)('an open page', () => {
  let browser: Browser;
  beforeAll(async () => {
    buildPage();
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  const grid = (page: Page) => page.getByRole('grid', { name: 'Photos' });
  const photos = (page: Page) => grid(page).locator('[data-photo-id]');

  async function find(page: Page, text: string): Promise<void> {
    await page.getByRole('searchbox', { name: 'Search photos' }).fill(text);
    await expect.poll(() => photos(page).count(), patient).toBeGreaterThan(0);
  }

  it('signs in once, keeps its session over a reload and in a second tab, and survives the death of its host and of the models', async () => {
    const library = join(folderOf(), 'library');
    const first = await startServe({ library });
    const context = await browser.newContext();
    const page = await context.newPage();
    const wrongs: string[] = [];
    page.on('pageerror', (error) => wrongs.push(String(error)));
    await page.goto(first.url);
    await page.getByRole('button', { name: /sample photos/ }).click();
    await expect.poll(() => photos(page).count(), patient).toBe(11);
    expect(new URL(page.url()).hash).toBe('');

    await page.reload();
    await expect.poll(() => photos(page).count(), patient).toBe(11);
    const second = await context.newPage();
    await second.goto(`http://127.0.0.1:${first.port}/`);
    await expect.poll(() => photos(second).count(), patient).toBe(11);
    await second.close();
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(first.url);
    await expect.poll(() => stranger.locator('body').textContent(), patient).toMatch(/signed out|sign/i);
    expect(await photos(stranger).count()).toBe(0);

    for (const pid of descendantsRunning(first.pid, 'inference.ts')) process.kill(pid, 'SIGKILL');
    await find(page, 'dog');

    process.kill(first.pid, 'SIGKILL');
    await first.done;
    await page.getByRole('searchbox', { name: 'Search photos' }).fill('cat');
    await startServe({ library }, '--port', String(first.port));
    await find(page, 'cup of coffee');
    await page.getByRole('searchbox', { name: 'Search photos' }).fill('');
    await expect.poll(() => photos(page).count(), patient).toBe(11);
    await expect
      .poll(
        () =>
          photos(page)
            .locator('img')
            .evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 0)),
        patient,
      )
      .toBe(true);
    expect(wrongs).toEqual([]);
  }, 180_000);
});
