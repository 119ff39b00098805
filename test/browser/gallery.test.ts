// Drives the gallery in Chromium by pointer and by keyboard over a made-up library, and changes the library under it.
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Timeline, timelineFlags } from '../../preload/contract/timeline.ts';
import { type LargeBackend, largeBackend, madeUpTimeline } from '../helpers/large-backend.ts';
import { hasChromium, launchChromium, type OpenScreens, openScreens } from '../helpers/screens.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

/** A page on a busy computer may take its time. */
const patience = { timeout: 60_000 };
const soon = <T>(read: () => T) => expect.poll(read, patience);

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

function photo(page: Page, id: number) {
  return page.locator(`[data-photo-id="${id}"]`);
}

async function placeOf(page: Page, id: number): Promise<{ x: number; y: number }> {
  const box = await photo(page, id).boundingBox();
  return { x: Math.round(box?.x ?? -1), y: Math.round(box?.y ?? -1) };
}

/** The timeline with so many further photos of a newer day before it. */
function withNewer(timeline: Timeline, more: number): Timeline {
  const newest = madeUpTimeline(more);
  const join = <Column extends Uint32Array | Int32Array | Uint16Array | Uint8Array>(a: Column, b: Column): Column => {
    const joined = a.slice(0, 0).constructor as new (length: number) => Column;
    const column = new joined(a.length + b.length);
    column.set(a);
    column.set(b, a.length);
    return column;
  };
  return {
    revision: timeline.revision + 1,
    count: timeline.count + more,
    ids: join(
      newest.ids.map((id) => id + timeline.count),
      timeline.ids,
    ),
    days: join(newest.days.fill(25_000), timeline.days),
    ratios: join(newest.ratios, timeline.ratios),
    colours: join(newest.colours, timeline.colours),
    flags: join(newest.flags, timeline.flags),
  };
}

describe.skipIf(!hasChromium)('gallery', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function open(count = 5000): Promise<OpenScreens & { backend: LargeBackend }> {
    const backend = await largeBackend(madeUpTimeline(count));
    const opened = await openScreens(browser, backend, folderOf());
    onTestFinished(async () => {
      expect(opened.wrongs).toEqual([]);
      await opened.close();
    });
    await opened.page.locator('[data-photo-id]').first().waitFor();
    return { ...opened, backend };
  }

  it('is a grid of named photos that axe has nothing serious against', async () => {
    const { page } = await open();
    const grid = page.getByRole('grid', { name: 'Photos' });
    await grid.getByRole('gridcell').first().getByRole('button', { name: 'made-up photo 5000', exact: true }).waitFor();
    expect(await grid.getByRole('row').count()).toBeGreaterThan(2);
    expect(await page.locator('[data-photo-id][tabindex="0"]').count()).toBe(1);
    // Run as the page's own script would be refused by its policy; the browser's debugger may.
    await page.evaluate((await import('node:fs')).readFileSync(axePath, 'utf8'));
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> };
      };
      return (await axe.run()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    });
    expect(found.map(({ id }) => id)).toEqual([]);
  });

  it('selects by control, shift, day and all, and marks what is selected', async () => {
    const { page, backend } = await open();
    const [a, b, c, d] = backend.timeline.ids;
    const selected = page.locator('[role=gridcell][aria-selected=true]');
    await photo(page, b as number).click({ modifiers: ['Control'] });
    await photo(page, d as number).click({ modifiers: ['Shift'] });
    expect(
      await selected
        .locator('[data-photo-id]')
        .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset['photoId']))),
    ).toEqual([b, c, d]);
    await photo(page, c as number).click();
    expect(await selected.count()).toBe(2);
    await photo(page, a as number).focus();
    await page.keyboard.press('Control+a');
    await page.getByText('5,000 selected').waitFor();
    await page.keyboard.press('Escape');
    await soon(() => selected.count()).toBe(0);
    await page
      .getByRole('button', { name: /^Select all photos of/ })
      .first()
      .click();
    const day = backend.timeline.days.filter((one) => one === backend.timeline.days[0]).length;
    await page.getByText(`${day} selected`).waitFor();
  });

  it('moves by arrows, keeps the focus over any distance, selects by Space and opens by Enter', async () => {
    const { page, backend } = await open();
    const { ids } = backend.timeline;
    await photo(page, ids[0] as number).focus();
    const focused = () => page.evaluate(() => Number((document.activeElement as HTMLElement).dataset['photoId']));
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(ids[1]);
    await page.keyboard.press('ArrowDown');
    const below = await focused();
    expect((await placeOf(page, below)).y).toBeGreaterThan((await placeOf(page, ids[1] as number)).y);
    await page.keyboard.press('Space');
    expect(await page.locator('[aria-selected=true]').count()).toBe(1);
    await page.keyboard.press('Space');
    await page.keyboard.press('End');
    await soon(focused).toBe(ids.at(-1));
    await page.keyboard.press('PageUp');
    await soon(focused).not.toBe(ids.at(-1));
    await page.keyboard.press('Home');
    await soon(focused).toBe(ids[0]);
    // The wheel takes the photo out of view; its focus stays, and the next key goes on from it.
    await page.mouse.move(700, 400);
    await page.mouse.wheel(0, 20_000);
    await soon(async () => (await placeOf(page, ids[0] as number)).y).toBeLessThan(-2000);
    expect(await focused()).toBe(ids[0]);
    await page.keyboard.press('ArrowRight');
    await soon(focused).toBe(ids[1]);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Photo' }).waitFor();
  });

  it('shows what changes without moving what is looked at', async () => {
    const { page, backend, host } = await open();
    await page.mouse.move(700, 400);
    await page.mouse.wheel(0, 3000);
    const inView = (): Promise<number> =>
      page.evaluate(() =>
        Number(
          [...document.querySelectorAll<HTMLElement>('[data-photo-id]')].find(
            (one) => one.getBoundingClientRect().top > 100,
          )?.dataset['photoId'],
        ),
      );
    await soon(inView).toBeLessThan(4990);
    // The wheel's own movement has to end first.
    await soon(async () => {
      const before = await placeOf(page, await inView());
      await page.waitForTimeout(150);
      return before.y - (await placeOf(page, await inView())).y;
    }).toBe(0);
    const id = await inView();
    const before = await placeOf(page, id);
    backend.timeline = withNewer(backend.timeline, 40);
    host.events.publish('library.changed', { revision: backend.timeline.revision });
    await page.getByText('5,040').first().waitFor();
    expect(await placeOf(page, id)).toEqual(before);
    await page.keyboard.press('Home');
    await photo(page, 5040).waitFor();
  });

  it('shows marks, and no picture for a photo that has none', async () => {
    const { page, backend, host } = await open(300);
    const { timeline } = backend;
    timeline.flags[0] = timelineFlags.failed;
    timeline.flags[1] = timelineFlags.missing | timelineFlags.favourite;
    timeline.flags[2] = timelineFlags.waiting;
    backend.timeline = { ...timeline, revision: 2 };
    host.events.publish('library.changed', { revision: 2 });
    await page.getByTitle('Could not be read').waitFor();
    await page.getByTitle('Favourite, The file cannot be reached now').waitFor();
    expect(
      await photo(page, timeline.ids[0] as number)
        .locator('img')
        .count(),
    ).toBe(0);
    expect(
      await photo(page, timeline.ids[2] as number)
        .locator('img')
        .count(),
    ).toBe(0);
    await photo(page, timeline.ids[1] as number)
      .locator('img')
      .waitFor();
  });

  it('changes the size of photos by control and the wheel, around what is looked at', async () => {
    const { page } = await open();
    await page.mouse.move(700, 400);
    const height = async (): Promise<number> => (await page.getByRole('gridcell').nth(3).boundingBox())?.height ?? 0;
    const before = await height();
    await page.keyboard.down('Control');
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, 100);
    await page.keyboard.up('Control');
    await soon(height).toBeLessThan(before * 0.75);
  });
});
