// A folder whose volumes come and go, in a mount namespace of its own: what the library says after each change, as one line of JSON. Child process.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { scanFolder } from '../../../main/services/indexing/scan-folder.ts';
import { createFolderPresence } from '../../../main/services/library/folder-presence.ts';
import { createFolderWalker, type FolderWalker } from '../../../main/watching/folder-walker.ts';
import { factsOf } from '../../helpers/photo-facts.ts';
import { resultOf, wanted } from '../../helpers/photo-results.ts';

const [home = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
const root = join(home, 'photos');
const folderPresence = createFolderPresence(systemClock);
const volumes = { own: join(home, 'own'), copy: join(home, 'copy'), other: join(home, 'other') };

function sh(...command: readonly string[]): void {
  const [program = '', ...args] = command;
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}
const plug = (volume: keyof typeof volumes): void => sh('mount', '--bind', volumes[volume], root);
const unplug = (): void => sh('umount', '--lazy', root);

/** One life of a program: opens the library, looks once, works on what there is to do, says how things stand, and closes. */
async function live(name: string, halfWay?: () => void): Promise<void> {
  const { db, close } = await openLibrary({ folder: join(home, 'library'), mode: 'write', now: Date.now() });
  const { folder: registered } = await db.registerFolder({ path: root, now: 1 });
  const [folder = registered] = await db.listFolders();
  const presence = (await folderPresence.of(root, folder.root)).state;
  const scanned = await scanFolder({ db, walker: walkerThat(halfWay), now: Date.now }, folder, {
    signal: new AbortController().signal,
    onFiles: () => undefined,
  });
  const away = (await folderPresence.of(root, folder.root)).state !== 'ready';
  await db.setOffline({ folderIds: away ? [folder.id] : [] });
  const worked = await work(db);
  const found = (await db.searchWords({ text: 'picture', limit: 10_000 })).photoIds;
  const [view] = await db.folderViews();
  let thumbnails = 0;
  for (const photoId of found) if (await db.thumbnail({ photoId })) thumbnails++;
  const card = found[0] === undefined ? null : await db.photoView({ photoId: found[0] });
  await close();
  process.stdout.write(
    `${JSON.stringify({
      name,
      presence,
      root: scanned.root,
      missing: view?.missing,
      photos: view?.photos,
      vanished: view?.vanished,
      worked,
      found: found.length,
      thumbnails,
      shownAsAway: card?.missing,
      caption: card?.caption?.text,
    })}\n`,
  );
}

function walkerThat(halfWay: (() => void) | undefined): FolderWalker {
  const walker = createFolderWalker(Math.ceil(count / 4));
  let portions = 0;
  return {
    ...walker,
    next(input) {
      if (portions++ === 1) halfWay?.();
      return walker.next(input);
    },
  };
}

/** @returns photos that a model had to look at. */
async function work(db: Awaited<ReturnType<typeof openLibrary>>['db']): Promise<number> {
  const files = (await db.claimFiles({ limit: 10_000, now: Date.now() })).map((file) => ({
    ...file,
    facts: factsOf(readFileSync(file.path, 'utf8')),
  }));
  await db.identifyFiles({ files, now: Date.now() });
  const photos = await db.claimPhotos({ wanted: wanted.slice(0, 2), together: true, limit: 10_000, now: Date.now() });
  await db.completePhotos({ results: photos.map((p) => resultOf(p.photoId, 'a picture of the sea')), now: Date.now() });
  return photos.length;
}

sh('mount', '-t', 'tmpfs', 'none', home);
mkdirSync(root);
for (const volume of Object.values(volumes)) {
  mkdirSync(volume);
  sh('mount', '-t', 'tmpfs', 'none', volume);
}
for (let at = 0; at < count; at++) {
  const parent = join(volumes.own, `${at % 7}`);
  mkdirSync(parent, { recursive: true });
  writeFileSync(join(parent, `${at}.jpg`), `photo ${at}`);
}
writeFileSync(join(volumes.other, 'holiday.jpg'), 'another');
sh('cp', '-a', `${volumes.own}/.`, volumes.copy);

plug('own');
await live('first');
await live('again');
unplug();
await live('empty mount point');
plug('other');
await live('another volume');
unplug();
plug('own');
await live('back');
await live('pulled out half way', unplug);
plug('own');
await live('pulled out and back');
await live('another plugged in half way', () => plug('other'));
unplug();
await live('and back');
unplug();
plug('copy');
await live('the same files under another number');
unplug();
plug('own');
sh('chmod', '000', root);
await live('closed');
sh('chmod', '755', root);
sh('chmod', '000', join(root, '3'));
await live('a part closed');
sh('chmod', '755', join(root, '3'));
await live('open');
