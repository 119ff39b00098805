// Takes the README's pictures of the interface: the real application and the starter pack over the sample photos, in Chromium: `node test/bench/readme-screenshots.ts`. Test processes.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { systemClock } from '../../main/platform/clock.ts';
import { startWebHost } from '../../main/web-host/web-host.ts';
import { contractHash } from '../../preload/contract/contract-hash.ts';
import { composeApplication, windowPorts } from '../helpers/application.ts';
import { builtRenderer, launchChromium } from '../helpers/screens.ts';

const repository = join(import.meta.dirname, '..', '..');
const samples = join(repository, 'docs', 'sample-photos');
const out = join(repository, 'docs', 'screenshots');
/** Its path is to be seen in the pictures. */
const photos = '/tmp/Pictures';

/** Copies with file dates on a few days: the sample photos carry no date of their own. */
function copySamples(): void {
  if (existsSync(photos)) throw new Error(`${photos} is there already; move it away first`);
  mkdirSync(photos);
  const names = readdirSync(samples).filter((name) => name.endsWith('.jpg'));
  names.forEach((name, i) => {
    copyFileSync(join(samples, name), join(photos, name));
    const day = new Date(Date.UTC(2026, 9, 4 + 3 * Math.floor(i / 4), 12, i));
    utimesSync(join(photos, name), day, day);
  });
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(120, 480);
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.waitForTimeout(400);
  const file = join(out, `${name}.webp`);
  await sharp(await page.screenshot())
    .webp({ quality: 88 })
    .toFile(file);
  console.log(file);
}

copySamples();
mkdirSync(out, { recursive: true });
const library = mkdtempSync(join(tmpdir(), 'photoseek-readme-'));
const places = windowPorts();
const application = await composeApplication(library, {
  packFolders: [join(repository, 'native-models', 'packs')],
  packId: 'starter',
  inferenceWorkers: 1,
  window: places,
});
const host = await startWebHost({
  ...application,
  port: 0,
  rendererFolder: await builtRenderer(),
  stateFolder: join(library, 'web-host'),
  contractHash: contractHash(),
  checkOutput: false,
  clock: systemClock,
  now: () => Date.now(),
});
const browser = await launchChromium();
try {
  const { signal } = new AbortController();
  await application.handlers.library.addPlace({ placeId: places.places.name(photos) }, { signal });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(host.signInUrl());
  await page.getByRole('status', { name: 'Indexing' }).getByText('11 photos ready').waitFor({ timeout: 240_000 });
  await take(page, 'gallery');
  await page.getByRole('searchbox', { name: 'Search photos' }).fill('a cup of coffee on a wooden table');
  await page.getByText('best first').waitFor();
  await take(page, 'search');
  await page.getByRole('searchbox', { name: 'Search photos' }).fill('a temple with a curved roof');
  await page.getByText('best first').waitFor();
  await page.locator('[role=gridcell] button').first().dblclick();
  await page.getByRole('dialog', { name: 'Photo' }).waitFor();
  await page.getByRole('complementary', { name: 'Photo information' }).waitFor();
  await take(page, 'viewer');
} finally {
  await browser.close();
  await host.close();
  await application.close();
  rmSync(library, { recursive: true });
  rmSync(photos, { recursive: true });
}
