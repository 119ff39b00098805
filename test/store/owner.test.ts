// One owner of a library at a time, across processes and threads, and what the others may do.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { openLibraryThread } from '../../main/library-db/thread-library-db.ts';
import { libraryOf, resultOf, temporaryFolder, temporaryLibrary } from '../helpers/library-db.ts';

async function holder(folder: string): Promise<{ child: ChildProcess; mode: string }> {
  const entry = fileURLToPath(new URL('children/hold-library.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, mode: line.toString().trim() };
}

describe('ownership of a library', () => {
  it('belongs to the first process; a second one reads, and writing is refused with what to do', async () => {
    const folder = temporaryFolder();
    const first = await holder(folder);
    const second = await openLibrary({ folder, mode: 'write', now: 1 });
    expect([first.mode, second.mode]).toEqual(['owner', 'reader']);
    expect(await second.db.listFolders()).toEqual([]);
    await expect(second.db.registerFolder({ path: '/a', now: 1 })).rejects.toMatchObject({
      code: 'store/owned',
      message: expect.stringContaining('--library'),
    });
    await second.close();
  });

  it('passes on within two seconds of the owner being killed', async () => {
    const folder = temporaryFolder();
    const first = await holder(folder);
    const exited = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await exited;
    const started = performance.now();
    const second = await openLibrary({ folder, mode: 'write', now: 1 });
    expect(second.mode).toBe('owner');
    expect(performance.now() - started).toBeLessThan(2_000);
    await second.close();
  });

  it('is one of several that start at once on a new folder', async () => {
    const folder = temporaryFolder();
    const modes = (await Promise.all(Array.from({ length: 5 }, () => holder(folder)))).map((started) => started.mode);
    expect(modes.sort()).toEqual(['owner', 'reader', 'reader', 'reader', 'reader']);
  });

  it('is not needed to read: words, summaries, thumbnails and counts answer beside an owner, new commits included', async () => {
    const { folder, db, photoIds } = await libraryOf(['a.jpg']);
    const reader = await openLibrary({ folder, mode: 'read', now: 1 });
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id, 'a red boat')), now: 1 });
    expect(await reader.db.searchWords({ text: 'boats', limit: 5 })).toMatchObject({ photoIds });
    expect(await reader.db.summaries({ photoIds })).toEqual(await db.summaries({ photoIds }));
    expect((await reader.db.thumbnail({ photoId: photoIds[0] ?? 0 }))?.format).toBe('webp');
    await expect(reader.db.setOwnCaptions({ photoId: 1, texts: [], now: 1 })).rejects.toMatchObject({
      code: 'store/owned',
    });
    await reader.close();
  });

  it('works in a thread: the same calls, the same errors, and calls after the end reject', async () => {
    const { folder } = await temporaryLibrary();
    const beside = await openLibraryThread({ folder, mode: 'write', now: 1 });
    expect(beside.mode).toBe('reader');
    await expect(beside.db.beginScan({ folderId: 1 })).rejects.toMatchObject({ code: 'store/owned' });
    await beside.close();
    await expect(beside.db.listFolders()).rejects.toMatchObject({ code: 'store/failed' });
    const library = await openLibraryThread({ folder: temporaryFolder(), mode: 'write', now: 1 });
    const { folder: registered } = await library.db.registerFolder({ path: '/pictures', now: 1 });
    expect(await library.db.listFolders()).toEqual([registered]);
    await library.close();
    await library.close();
    await expect(openLibraryThread({ folder: `${folder}/none`, mode: 'read', now: 1 })).rejects.toMatchObject({
      code: 'library/not-found',
    });
  });
});
