// Child of row-03-14-whole-day.test.ts: does with a folder of photos whatever a person can do in the window, and says as JSON how that ended.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { MediaAnswer } from '../../../main/api/media.ts';
import { unpackTimeline } from '../../../preload/contract/timeline.ts';
import { composeApplication, connectWindow, windowPorts } from '../../helpers/application.ts';

const [, , library = '', photos = '', expected = '0'] = process.argv;
const window = windowPorts();
const application = await composeApplication(library, { window });
const { api } = connectWindow(application);

async function bytesOf(answer: MediaAnswer): Promise<number> {
  return (answer.body instanceof Readable ? await buffer(answer.body) : Buffer.from(answer.body)).length;
}

async function indexed(): Promise<number> {
  for (;;) {
    const [status, progress] = [await api.library.status({}), await api.indexing.progress({})];
    if (status.indexed >= Number(expected) && status.pending === 0 && progress.phase === 'idle') return status.indexed;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const { folderId } = await api.library.addPlace({ placeId: window.places.name(photos) });
const count = await indexed();
const answer = await application.media.openTimeline({});
const { body } = answer;
const packed = body instanceof Readable ? await buffer(body) : Buffer.from(body);
const ids = [...unpackTimeline(Uint8Array.from(packed).buffer).ids];
let served = 0;
for (const photoId of ids) {
  for (const variant of ['thumbnail', 'preview', 'original'] as const) {
    served += Math.sign(await bytesOf(await application.media.openMedia({ photoId, variant })));
  }
}
for (const mode of ['fused', 'embedding', 'caption', 'words'] as const)
  await api.search.rank({ text: 'a red boat', mode });
const [first = 0, second = 0] = ids;
await api.search.similar({ photoId: first });
await api.library.setCaption({ photoId: first, text: 'Words of my own' });
await api.library.setFavourite({ photoIds: [first, second], favourite: true });
await api.library.setExclude({ folderId, exclude: ['photo-0001*'] });
await api.library.setExclude({ folderId, exclude: [] });
await api.indexing.rescan({});
await indexed();
await api.library.removeFolder({ folderId });
await api.library.restoreFolder({ folderId });
await api.shell.doctor({});
const caption = (await api.library.photo({ photoId: first })).caption;
await application.close();
process.stdout.write(`${JSON.stringify({ count, served, caption })}\n`);
process.exit(0);
