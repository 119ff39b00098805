// Child of kill.test.ts: indexes made-up photos without end, and prints a photo's id once its caption is committed; killed at a random moment.
import { writeSync } from 'node:fs';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';
import { factsOf, resultOf, wanted } from '../../helpers/library-db.ts';

const library = await openLibrary({ folder: process.argv[2] ?? '', mode: 'write', now: Date.now() });
if (library.mode !== 'owner') process.exit(1);
const { db } = library;
await db.releaseClaims({ now: 1 });
const { folder } = await db.registerFolder({ path: '/pictures', now: 1 });
writeSync(1, 'open\n');
for (;;) {
  const { scanId } = await db.beginScan({ folderId: folder.id });
  const files = Array.from({ length: 8 }, (_, n) => ({
    relPath: `${scanId}-${n}.jpg`,
    sizeBytes: 1,
    mtimeMs: 1,
    inode: '',
  }));
  await db.applyScan({ folderId: folder.id, scanId, files, now: 1 });
  const claimed = await db.claimFiles({ limit: 8, now: 1 });
  await db.identifyFiles({ files: claimed.map((file) => ({ ...file, facts: factsOf(file.path) })), now: 1 });
  const photos = await db.claimPhotos({ wanted, together: true, limit: 8, now: 1 });
  await db.completePhotos({ results: photos.map(({ photoId }) => resultOf(photoId, `caption ${photoId}`)), now: 1 });
  writeSync(1, photos.map(({ photoId }) => `${photoId}\n`).join(''));
  const first = photos[0]?.photoId;
  if (first === undefined) continue;
  await db.setOwnCaptions({ photoId: first, texts: [`own ${first}`], now: 1 });
  writeSync(1, `own ${first}\n`);
}
