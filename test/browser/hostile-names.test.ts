// 300 names and captions that would like to be more than text, in one library: every one of them is shown as it is and does nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photoBackend, photoFilesIn } from '../helpers/photo-backend.ts';
import { patchesJpeg } from '../helpers/photo-fixtures.ts';
import { hasChromium, launchChromium, openScreens } from '../helpers/screens.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

const attempts: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<style>*{display:none}</style>',
  '<link rel=stylesheet href=//evil.example>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<a href=javascript:alert(1)>x</a>',
  '<button autofocus onfocus=alert(1)>x',
  '<details open ontoggle=alert(1)>',
  '<template shadowrootmode=open><script>alert(1)</script>',
  '<math><mtext></style><img src onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' onclick='alert(1)",
  "';alert(1)//",
  '`;alert(1)//`',
  '{@html x}',
  '{alert(1)}',
  '{#if x}{/if}',
  '$\u007balert(1)}',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '../../../etc/passwd',
  '..\\..\\con.jpg',
  '__proto__',
  'constructor',
  '&lt;b&gt; &amp;amp; &#x3c;',
  '🧨👩‍👩‍👧\u0000\uFEFF\u200D',
];
const wrappings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `">${text}`,
  (text) => `'>${text}`,
  (text) => `--><!--${text}`,
  (text) => `\u202E${text}\u202C`,
  (text) => `صورة ${text} عطلة`,
  (text) => `${text}${'a'.repeat(300)}`,
  (text) => `${text}\n${text}`,
  (text) => `]]>${text}<![CDATA[`,
  (text) => `${'<b>'.repeat(30)}${text}`,
];
const hostile = attempts.flatMap((attempt) => wrappings.map((wrap) => wrap(attempt)));

/** Scrolls through the whole gallery. @returns what each cell is called. */
function allLabels(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const labels: Record<string, string> = {};
    const scroller = document.querySelector('[role=grid]')?.parentElement as HTMLElement;
    for (let top = 0; top <= scroller.scrollHeight; top += 300) {
      scroller.scrollTop = top;
      for (let frames = 0; frames < 4; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
      for (const one of document.querySelectorAll<HTMLElement>('[data-photo-id]'))
        labels[one.dataset['photoId'] ?? ''] = one.getAttribute('aria-label') ?? '';
    }
    return labels;
  });
}

describe.skipIf(!hasChromium)('300 hostile names and captions', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('are text in the gallery, in the viewer and in its facts', async () => {
    const folder = folderOf();
    for (let at = 0; at < hostile.length; at++) {
      const name = `${String(at).padStart(3, '0')}.jpg`;
      writeFileSync(join(folder, name), await patchesJpeg(at % 16, 32));
    }
    const backend = await photoBackend({ files: photoFilesIn(folder), captions: {} });
    for (const [at, photo] of backend.photos.entries()) {
      const text = hostile[at] ?? '';
      // Each second one has no caption: its name is what it is called then.
      const caption = at % 2 === 0 ? { text, source: 'person' as const, model: null } : null;
      const words = { title: text, description: text, keywords: [text], generatedCaptions: [text] };
      Object.assign(photo, { ...words, caption, name: text, path: `/home/${text}` });
    }
    const { page, wrongs, close } = await openScreens(browser, backend, folderOf());
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => wrongs.push(`dialog ${dialog.message()}`)));
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(new URL(request.url()).host));
    await page.locator('[data-photo-id]').first().waitFor();
    expect(backend.photos).toHaveLength(300);

    const called = Object.fromEntries(backend.photos.map(({ photoId }, at) => [String(photoId), hostile[at]]));
    await expect.poll(() => allLabels(page), { timeout: 60_000 }).toEqual(called);

    await page.locator('[role=grid]').evaluate((grid) => (grid.parentElement as HTMLElement).scrollTo(0, 0));
    await page.keyboard.press('Home');
    await page.locator(`[data-photo-id="${backend.photos[0]?.photoId}"]`).dblclick();
    const viewer = page.getByRole('dialog', { name: 'Photo' });
    const info = page.getByRole('complementary', { name: 'Photo information' });
    for (const [at, text] of hostile.entries()) {
      await viewer.getByText(`${at + 1} of ${hostile.length}`).waitFor();
      await expect.poll(() => info.textContent(), { timeout: 15_000, interval: 10 }).toContain(text);
      await page.keyboard.press('ArrowRight');
    }
    expect(new Set(asked).size).toBe(1);
    expect(await page.title()).not.toContain('alert');
    expect(wrongs).toEqual([]);
    await close();
  }, 240_000);
});
