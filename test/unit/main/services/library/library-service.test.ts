// What is said of a library as a whole and of one photo.
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../../main/platform/log.ts';
import { createIndexingService } from '../../../../../main/services/indexing/indexing-service.ts';
import { createProgressMeter } from '../../../../../main/services/indexing/progress.ts';
import { createFolderPresence } from '../../../../../main/services/library/folder-presence.ts';
import { createLibraryService } from '../../../../../main/services/library/library-service.ts';
import { createFolderWalker } from '../../../../../main/watching/folder-walker.ts';
import { LibraryStatus, PhotoReport } from '../../../../../preload/contract/library.ts';
import { type Fate, fakeLane, fakePool, openedPack } from '../../../../helpers/fake-inference.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import { manualClock } from '../../../../helpers/manual-clock.ts';
import { folderOf } from '../../../../helpers/temporary-folder.ts';

function setUp(fate: Fate = {}) {
  const root = folderOf(['photos/a.jpg', 'photos/b.jpg', 'library/x']);
  const db = fakeLibraryDb();
  const inference = fakePool([fakeLane(fate)]);
  const clock = manualClock();
  const presence = createFolderPresence(clock);
  const service = createLibraryService({
    db,
    presence,
    mode: 'owner',
    libraryFolder: join(root, 'library'),
    inference,
    now: clock.now,
  });
  const indexing = createIndexingService({
    db,
    presence,
    walker: createFolderWalker(),
    inference,
    clock,
    progress: createProgressMeter({ now: clock.now }),
    log: silentLog(),
    now: clock.now,
  });
  const index = () => indexing.run({ folderIds: [] }, { signal: new AbortController().signal });
  return { root, db, service, index };
}

describe('library service', () => {
  it('says how things stand before, during and after', async () => {
    const { root, service, index } = setUp({
      analyseFailure: (path) => (path.endsWith('b.jpg') ? { code: 'decode/corrupt', message: 'broken' } : undefined),
    });
    const empty = await service.status({ failureLimit: 100 });
    expect(LibraryStatus.parse(empty)).toMatchObject({ folders: [], photos: 0, pending: 0, failures: [] });
    await service.addFolders({ paths: [join(root, 'photos')] });
    await index();
    const status = LibraryStatus.parse(await service.status({ failureLimit: 100 }));
    expect(status).toEqual({
      library: join(root, 'library'),
      mode: 'owner',
      folders: [{ path: join(root, 'photos'), files: 2, missing: 0, state: 'online' }],
      photos: 2,
      indexed: 1,
      pending: 0,
      failed: 1,
      pendingByStage: { look: 0, caption: 0, own: 0 },
      modelProblem: null,
      failures: [{ path: join(root, 'photos', 'b.jpg'), code: 'decode/corrupt', message: 'broken' }],
    });
    expect((await service.status({ failureLimit: 0 })).failures).toEqual([]);
  });

  it('counts files that are not read yet as pending, and sees a folder that went offline', async () => {
    const { root, db, service } = setUp();
    await service.addFolders({ paths: [join(root, 'photos')] });
    const files = [{ relPath: 'a.jpg', sizeBytes: 1, mtimeMs: 1, inode: '' }];
    await db.applyScan({ folderId: 1, scanId: 1, files, now: 0 });
    rmSync(join(root, 'photos'), { recursive: true });
    expect(await service.status({ failureLimit: 1 })).toMatchObject({ pending: 1, folders: [{ state: 'offline' }] });
  });

  it('shows one photo by its path, and by a link to its folder', async () => {
    const { root, service, index } = setUp();
    await service.addFolders({ paths: [join(root, 'photos')] });
    await index();
    const report = PhotoReport.parse(await service.showPhoto({ path: join(root, 'photos', 'a.jpg') }));
    expect(report).toMatchObject({
      path: join(root, 'photos', 'a.jpg'),
      caption: { source: 'model', model: openedPack.captionModelId },
      vectors: [
        { kind: 'image', model: openedPack.imageModelId, dim: 2 },
        { kind: 'caption', model: openedPack.sentenceModelId, dim: 2 },
      ],
      takenAt: null,
      failure: null,
    });
    symlinkSync(join(root, 'photos'), join(root, 'link'));
    expect(await service.showPhoto({ path: join(root, 'link', 'a.jpg') })).toEqual(report);
  });

  it('still shows a photo whose file is gone, and says so of one it never saw', async () => {
    const { root, service, index } = setUp();
    await service.addFolders({ paths: [join(root, 'photos')] });
    await index();
    rmSync(join(root, 'photos', 'a.jpg'));
    expect(await service.showPhoto({ path: join(root, 'photos', 'a.jpg') })).toMatchObject({ failure: null });
    await expect(service.showPhoto({ path: '/nowhere/x.jpg' })).rejects.toMatchObject({
      code: 'library/photo-not-found',
      message: '/nowhere/x.jpg is not in the library; add its folder first',
    });
  });
});
