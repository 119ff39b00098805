// The real application in Chromium while its processes are killed: the page recovers by itself and loses no edit that was acknowledged.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendantsRunning, until } from '../helpers/cli.ts';
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

  it('outlives twenty deaths of the models and one of the host while it is searched, scrolled and edited', async () => {
    const library = join(folderOf(), 'library');
    const first = await startServe({ library });
    const page = await (await browser.newContext()).newPage();
    const wrongs: string[] = [];
    page.on('pageerror', (error) => wrongs.push(String(error)));
    await page.goto(first.url);
    await page.getByRole('button', { name: /sample photos/ }).click();
    await expect.poll(() => photos(page).count(), patient).toBe(11);
    await page.getByText('Up to date').first().waitFor(patient);

    const box = page.getByRole('searchbox', { name: 'Search photos' });
    const summary = page.locator('#search-summary .took');
    const marked = grid(page).locator('button[title*="Favourite"]');
    const again = page.getByRole('button', { name: 'Start again' });
    let restarts = 0;
    /** As a person does: a notice's button is pressed where one shows, and the search is asked again. */
    async function answered(text: string): Promise<void> {
      await box.fill(text);
      const failed = page.getByRole('button', { name: 'Try again' }).or(again);
      await summary.or(failed).first().waitFor(patient);
      if (await again.isVisible()) {
        await again.click();
        restarts++;
      }
      for (let tries = 0; !(await summary.isVisible()); tries++) {
        expect(tries).toBeLessThan(20);
        await box.fill(`${text}${' again'.repeat(1 + (tries % 2))}`);
        await summary.waitFor({ timeout: 5_000 }).catch(() => undefined);
      }
    }
    const models = () => descendantsRunning(first.pid, 'inference.ts');
    const startedAt = Date.now();
    let killed = 0;
    for (let at = 0; killed < 20; at++) {
      process.kill(await until(() => models()[0], 60_000), 'SIGKILL');
      killed++;
      if (at < 11) {
        await box.fill('');
        await expect.poll(() => photos(page).count(), patient).toBe(11);
        await photos(page).nth(at).focus();
        await page.keyboard.press('Space');
        await page.getByRole('toolbar', { name: 'Selected photos' }).getByRole('button', { name: 'Favourite' }).click();
        await expect.poll(() => marked.count(), patient).toBe(at + 1);
        await page.keyboard.press('Escape');
      }
      await page.mouse.move(700, 450);
      await page.mouse.wheel(0, at % 2 === 0 ? 400 : -400);
      await answered(`a dog ${at}`);
    }
    process.stdout.write(
      `survival: ${JSON.stringify({ killed, restarts, seconds: Math.round((Date.now() - startedAt) / 1000) })}\n`,
    );

    process.kill(first.pid, 'SIGKILL');
    await first.done;
    await startServe({ library }, '--port', String(first.port));
    await answered('cup of coffee');
    await box.fill('');
    await expect.poll(() => marked.count(), patient).toBe(11);
    await page
      .getByRole('button', { name: 'Pause indexing' })
      .or(page.getByText('Up to date'))
      .first()
      .waitFor(patient);
    await photos(page).first().dblclick();
    await page.getByRole('dialog', { name: 'Photo' }).waitFor(patient);
    expect(wrongs).toEqual([]);
  }, 240_000);
});
