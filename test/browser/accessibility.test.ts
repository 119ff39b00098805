// What the screens are to a keyboard, a screen reader, a hostile file name: axe on every screen in both themes, the main job without a mouse.
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../main/platform/app-error.ts';
import { bannersOf } from '../../main/services/shell/banners.ts';
import type { FolderView } from '../../preload/contract/library.ts';
import type { Banner } from '../../preload/contract/shell.ts';
import { eventually, openSamples } from '../helpers/sample-screens.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core');

/** What the application says of every bad day at once. */
function everyBanner(folders: readonly FolderView[]): Banner[] {
  const calm = {
    isSecond: false,
    problem: null,
    inference: [],
    folders: [],
    watching: null,
    restored: null,
    backupProblem: null,
  } as const;
  const problems = ['model/checksum', 'inference/crashed', 'store/disk-full', 'store/read-only'] as const;
  return [
    ...problems.flatMap((code) =>
      bannersOf({ ...calm, searchStopped: false, problem: new AppError(code, 'So it is.') }),
    ),
    ...bannersOf({
      ...calm,
      isSecond: true,
      searchStopped: true,
      folders,
      watching: { reason: 'limit', everyMinutes: 60 },
      restored: { backupAt: 1_777_000_000_000, aside: 'library-damaged-1.db', isWhole: false, wasAsked: false },
    }),
  ];
}

/** Serious and critical findings, one line each. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate(() =>
    (window as never as { axe: { run(): Promise<unknown> } }).axe.run(),
  )) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}

describe.skipIf(!hasChromium)('for everybody', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)(
    'axe finds nothing serious on any screen, %s',
    async (theme) => {
      const { page, host, backend, searchBox, photo, wrongs, close } = await openSamples(browser, {
        // axe is brought in as a script of its own: a page's policy would rightly refuse it.
        context: { bypassCSP: true },
        prepare(backend) {
          backend.settings = { ...backend.settings, theme, recentSearches: ['cat'] };
          const [folder] = backend.folders;
          if (folder)
            backend.folders.push({ ...folder, folderId: 2, name: 'Disk', path: '/media/disk', state: 'offline' });
          if (folder)
            backend.folders.push({
              ...folder,
              folderId: 4,
              name: 'Card',
              path: '/media/card',
              state: 'emptied',
              vanished: 9,
              problem: 'None of its photos are in it now.',
            });
          if (folder) folder.vanished = 30;
          if (folder)
            backend.folders.push({
              ...folder,
              vanished: 0,
              folderId: 3,
              name: 'Bad',
              path: '/bad',
              state: 'error',
              problem: 'It may not be read.',
            });
          backend.photo('coins.jpg').favourite = true;
          backend.photo('grass.jpg').failure = { code: 'decode/corrupt', message: 'It ends early.' };
          backend.failures.push({
            fileId: 1,
            photoId: null,
            name: 'x.jpg',
            path: '/p/x.jpg',
            code: 'decode/corrupt',
            message: 'broken',
          });
          backend.packs.push({
            id: 'starter',
            title: 'Starter',
            revision: '1',
            licence: 'MIT',
            notice: 'Ships.',
            sizeMb: 20,
            active: true,
            state: 'installed',
            problem: null,
          });
          backend.packs.push({
            id: 'best',
            title: 'Best',
            revision: null,
            licence: 'MIT',
            notice: 'Large.',
            sizeMb: 2000,
            active: false,
            state: 'damaged',
            problem: 'A file is missing.',
          });
          backend.downloads.push({
            packId: 'best',
            state: 'failed',
            doneBytes: 5,
            totalBytes: 10,
            error: 'The disk is full.',
          });
          backend.banners.push(...everyBanner(backend.folders));
        },
      });
      await page.addScriptTag({ path: axePath });
      const check = async (screen: string): Promise<void> =>
        expect.soft({ screen, found: await findings(page) }).toEqual({ screen, found: [] });
      host.events.publish('indexing.progress', {
        phase: 'indexing',
        done: 4,
        total: 10,
        failed: 0,
        photosPerSecond: 1,
        secondsLeft: 60,
        paused: false,
        current: 'a.jpg',
      });
      await page.getByText('4 of 10').waitFor();
      const notices = page.getByRole('region', { name: 'Notices' });
      await notices.getByRole('button', { name: /more notices/ }).click();
      await page.getByText('The disk that holds the library is full').waitFor();
      expect(await notices.getByRole('button', { name: 'Hide this notice' }).count()).toBe(backend.banners.length);
      await check('gallery with notices');
      await notices.getByRole('button', { name: 'Say what happened' }).first().click();
      await page.getByRole('dialog', { name: '30 photos in “Pictures” are gone from the disk' }).waitFor();
      await check('question of vanished files');
      await page.keyboard.press('Escape');
      for (let left = backend.banners.length; left > 2; left--)
        await notices.getByRole('button', { name: 'Hide this notice' }).first().click();
      await searchBox.focus();
      await page.getByRole('list', { name: 'Recent searches' }).waitFor();
      await check('recent searches');
      await searchBox.fill('cat');
      await page.getByText('best first').waitFor();
      await check('results');
      await page.locator('[role=gridcell] button').first().hover();
      await page.locator('canvas.region').waitFor();
      await check('reasons over a photo');
      await page.locator('[role=gridcell] button').first().click();
      await page.getByRole('button', { name: 'Show where it is' }).click();
      await page.locator('.picture canvas').waitFor();
      await check('reasons in the viewer');
      await page.keyboard.press('Escape');
      await page.getByLabel('How to search').selectOption('compare');
      await page.getByRole('list', { name: 'ESR' }).getByRole('listitem').first().waitFor();
      await check('side by side');
      await page.getByLabel('How to search').selectOption('words');
      await searchBox.fill('zeppelin');
      await page.getByText('Nothing found for').waitFor();
      await check('nothing found');
      await searchBox.fill('');
      await photo('a tabby cat looking up').focus();
      await page.keyboard.press('Space');
      await page.getByRole('toolbar', { name: 'Selected photos' }).waitFor();
      await check('selection');
      await page.keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Photo information' }).getByText('Written by the model').waitFor();
      await check('viewer');
      await page.keyboard.press('e');
      await page.getByRole('textbox', { name: 'Caption of this photo' }).waitFor();
      await check('caption editor');
      await page.keyboard.press('Escape');
      await page.keyboard.press('l');
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      await check('message');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await check('shortcuts');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+,');
      await page.getByText('A file is missing.').waitFor();
      await check('settings');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: '1 not readable' }).click();
      await check('failures');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Manage folder Pictures' }).click();
      await check('folder menu');
      await page.getByRole('menuitem', { name: 'Leave out…' }).click();
      await check('exclude');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add folder' }).click();
      await page.getByRole('dialog', { name: 'Choose a folder' }).getByText('Photo disk').waitFor();
      await check('folder browser');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('toolbar', { name: 'Selected photos' }).waitFor({ state: 'detached' });
      await page.setViewportSize({ width: 480, height: 700 });
      await page.getByRole('button', { name: 'Show folders and settings' }).click();
      await check('narrow');
      expect(wrongs).toEqual([]);
      await close();
    },
    120_000,
  );

  it('axe finds nothing serious in an empty library', async () => {
    const { page, close } = await openSamples(browser, { empty: true, context: { bypassCSP: true } });
    await page.getByRole('button', { name: 'Add folder' }).waitFor();
    await page.addScriptTag({ path: axePath });
    expect(await findings(page)).toEqual([]);
    await close();
  });

  it('the main job is done by keyboard alone', async () => {
    const { page, backend, viewer, wrongs, close } = await openSamples(browser);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('rocket');
    await page.getByText('best first').waitFor();
    await page.keyboard.press('ArrowDown');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'a rocket lifting off in the dark',
    );
    await page.keyboard.press('Enter');
    await viewer.getByRole('img', { name: 'a rocket lifting off in the dark' }).waitFor();
    await page.keyboard.press('e');
    await page.keyboard.type('Launch day');
    await page.keyboard.press('Enter');
    await eventually(() => backend.photo('rocket-launch.jpg').caption?.text).toBe('Launch day');
    await page.keyboard.press('l');
    await eventually(() => backend.photo('rocket-launch.jpg').favourite).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-photo-id'))).toBe(
      String(backend.photo('rocket-launch.jpg').photoId),
    );
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('hostile names and captions are text, and nothing breaks the content security policy', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '</script><script>alert(1)</script>',
      '{@html x}',
      "';alert(1)//",
      '\u202Egpj.exe',
      '<svg/onload=alert(1)>',
      '🧨\u0000\uFEFF',
      '&lt;b&gt;',
      'a'.repeat(400),
      '<style>*{display:none}</style>',
      '{alert(1)}',
    ];
    const { page, photo, backend, viewer, wrongs, close } = await openSamples(browser, {
      prepare({ photos, folders, failures }) {
        for (const [at, one] of photos.entries()) {
          const text = hostile[at] ?? '';
          one.caption = { text, source: 'person', model: null };
          Object.assign(one, {
            name: text,
            path: `/home/${text}`,
            title: text,
            description: text,
            keywords: [text],
            generatedCaptions: [text],
          });
        }
        const [folder] = folders;
        if (folder) Object.assign(folder, { name: hostile[0], path: hostile[0], problem: hostile[1], state: 'error' });
        failures.push({
          fileId: 1,
          photoId: null,
          name: hostile[0] ?? '',
          path: hostile[1] ?? '',
          code: hostile[5] ?? '',
          message: hostile[0] ?? '',
        });
      },
    });
    page.on('dialog', (dialog) => wrongs.push(`dialog ${dialog.message()}`));
    await page
      .getByRole('list', { name: 'Folders' })
      .getByText(hostile[0] ?? '')
      .first()
      .waitFor();
    await photo(hostile[0] ?? '')
      .first()
      .dblclick();
    const info = page.getByRole('complementary', { name: 'Photo information' });
    for (const [at, text] of hostile.entries()) {
      await viewer.getByText(`${at + 1} of ${hostile.length}`).waitFor();
      await eventually(() => info.locator('.text').textContent()).toBe(text);
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '1 not readable' }).click();
    await page
      .getByRole('list', { name: 'Files that could not be read' })
      .getByText(hostile[1] ?? '')
      .waitFor();
    expect(backend.photos).toHaveLength(hostile.length);
    expect(wrongs).toEqual([]);
    await close();
  });
});
