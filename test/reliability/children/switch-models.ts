// Switches between two packs without end while it asks, and prints every answer: killed by the test that reads it. Arguments: folder of the library.
import { openApplication } from '../../helpers/application.ts';

const [library = ''] = process.argv.slice(2);
const { api } = await openApplication(library);

async function activeId(): Promise<string | undefined> {
  return (await api.models.packs({})).packs.find(({ active }) => active)?.id;
}

/** Resolves with the next answer. */
let nextAnswer = Promise.withResolvers<void>();

/** One question at a time: a newer one would cancel the one before it. */
async function askForEver(): Promise<never> {
  for (;;) {
    const { hits } = await api.search.find({ text: 'a dog', mode: 'embedding', limit: 1_000 });
    process.stdout.write(`${JSON.stringify(hits.map(({ path, score }) => [path, score]))}\n`);
    nextAnswer.resolve();
    nextAnswer = Promise.withResolvers();
  }
}

async function switchForEver(): Promise<never> {
  for (;;) {
    // What a life that ended had begun is gone on with.
    await api.indexing.run({ folderIds: [] });
    // Longer than a search goes on without looking whether the new results are complete.
    for (const end = performance.now() + 700; performance.now() < end; ) await nextAnswer.promise;
    await api.models.activate({ packId: (await activeId()) === 'tiny-large' ? 'tiny-starter' : 'tiny-large' });
  }
}

await Promise.all([askForEver(), switchForEver()]);
