// The folder list: where it starts, what it shows, and that it leads nowhere else.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlaceBook } from '../../../../main/platform/place-book.ts';
import { openCommand, revealCommand } from '../../../../main/web-host/desktop.ts';
import { createFolderList } from '../../../../main/web-host/folder-list.ts';
import { startingPoints } from '../../../../main/web-host/starting-points.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

function list(starts: readonly string[]) {
  const places = createPlaceBook();
  return { places, listPlaces: createFolderList({ places, startingPoints: async () => starts }) };
}
const names = (listing: { places: readonly { name: string }[] }) => listing.places.map(({ name }) => name);

describe('the folder list', () => {
  it('starts with the starting points that are there, each once', async () => {
    const home = folderOf(['Pictures/a.jpg']);
    const { listPlaces } = list([join(home, 'Pictures'), home, home, join(home, 'gone'), join(home, 'Pictures/a.jpg')]);
    const top = await listPlaces(null);
    expect(top).toMatchObject({ here: null, parent: null });
    expect(top.places.map(({ path }) => path)).toEqual([join(home, 'Pictures'), home]);
  });

  it('shows folders only, in the order of people, without links and hidden ones', async () => {
    const home = folderOf(['b/x.jpg', 'Album 10/x', 'album 2/x', '.secret/x', 'photo.jpg']);
    symlinkSync('/etc', join(home, 'link'));
    const { listPlaces } = list([home]);
    const [start] = (await listPlaces(null)).places;
    const listing = await listPlaces(start?.placeId ?? '');
    expect(names(listing)).toEqual(['album 2', 'Album 10', 'b']);
    expect(listing).toMatchObject({ here: { path: home, addable: true }, parent: null });
  });

  it('leads down and up again, never above a starting point', async () => {
    const home = folderOf(['a/b/c.jpg']);
    const { listPlaces } = list([home]);
    const [start] = (await listPlaces(null)).places;
    const [a] = (await listPlaces(start?.placeId ?? '')).places;
    const inside = await listPlaces(a?.placeId ?? '');
    expect(inside.parent).toMatchObject({ path: home, placeId: start?.placeId });
    expect((await listPlaces(inside.parent?.placeId ?? '')).parent).toBeNull();
  });

  it('takes no id that it did not hand out', async () => {
    const home = folderOf(['a/b.jpg']);
    const { listPlaces } = list([home]);
    for (const guess of [home, '/', '..', '1', 'x'.repeat(200)])
      await expect(listPlaces(guess)).rejects.toMatchObject({ code: 'fs/missing' });
  });

  it('says why a folder cannot be listed', async () => {
    const home = folderOf(['gone/x', 'a-file']);
    const { listPlaces, places } = list([home]);
    const gone = places.name(join(home, 'gone'));
    rmSync(join(home, 'gone'), { recursive: true });
    await expect(listPlaces(gone)).rejects.toMatchObject({ code: 'fs/missing' });
    await expect(listPlaces(places.name(join(home, 'a-file')))).rejects.toMatchObject({ code: 'fs/missing' });
  });

  it.skipIf(process.getuid?.() === 0)('says where permission is missing', async () => {
    const home = folderOf(['closed/x']);
    chmodSync(join(home, 'closed'), 0);
    const { listPlaces, places } = list([home]);
    await expect(listPlaces(places.name(join(home, 'closed')))).rejects.toMatchObject({ code: 'fs/denied' });
  });
});

describe('the starting points', () => {
  const where = { home: '/home/ada', userName: 'ada', environment: {} } as const;

  it('of Linux are the pictures folder by its own name, home, and drives', async () => {
    const config = folderOf();
    writeFileSync(join(config, 'user-dirs.dirs'), '# comment\nXDG_PICTURES_DIR="$HOME/Bilder"\n');
    const found = await startingPoints({ ...where, platform: 'linux', environment: { XDG_CONFIG_HOME: config } });
    expect(found.slice(0, 2)).toEqual(['/home/ada/Bilder', '/home/ada']);
    mkdirSync(join(config, 'empty'));
    const usual = await startingPoints({
      ...where,
      platform: 'linux',
      environment: { XDG_CONFIG_HOME: join(config, 'empty') },
    });
    expect(usual[0]).toBe('/home/ada/Pictures');
  });

  it('of Windows are drives by their letters', async () => {
    const found = await startingPoints({ ...where, platform: 'win32' });
    expect(found.slice(2, 4)).toEqual(['C:\\', 'D:\\']);
  });
});

describe('the desktop', () => {
  it('is asked without a shell, the path as one argument', () => {
    const path = '/photos/$(rm -rf) "a".jpg';
    expect(openCommand('linux', path)).toEqual(['xdg-open', [path]]);
    expect(openCommand('darwin', path)).toEqual(['open', [path]]);
    expect(openCommand('win32', path)).toEqual(['rundll32.exe', ['url.dll,FileProtocolHandler', path]]);
    expect(revealCommand('linux', path)).toEqual(['xdg-open', ['/photos']]);
    expect(revealCommand('darwin', path)).toEqual(['open', ['-R', path]]);
    expect(revealCommand('win32', path)).toEqual(['explorer.exe', ['/select,', path]]);
  });
});
