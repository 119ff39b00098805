// Another pack is chosen again and again while questions are asked and the program is killed: every answer is one pack's, whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApplication } from '../helpers/application.ts';
import { figure, reached } from '../helpers/figure.ts';
import { makePhotos, seededRandom } from '../helpers/photo-fixtures.ts';
import { fileScopedFolders, withLibrary } from '../helpers/temp-library.ts';

const kills = figure(8, 300);
const photoCount = 12;
const packs = ['tiny-starter', 'tiny-large'] as const;
const child = fileURLToPath(new URL('children/switch-models.ts', import.meta.url));
const folderFor = fileScopedFolders();

/** An answer as text: paths and scores, scores without the last digits of the exact rerank. */
function textOf(hits: readonly (readonly [string, number])[]): string {
  return hits
    .map(([path, score]) => `${path} ${score.toFixed(5)}`)
    .sort()
    .join('\n');
}

/** What a library that knows this pack alone answers. */
async function answerOf(packId: string, photos: string, library: string): Promise<string> {
  const { api, close } = await openApplication(library, { packId });
  await api.library.addFolders({ paths: [photos] });
  await api.indexing.run({ folderIds: [] });
  const { hits } = await api.search.find({ text: 'a dog', mode: 'embedding', limit: 1_000 });
  await close();
  return textOf(hits.map(({ path, score }) => [path, score] as const));
}

/** One life of the program: all that it answered until it was killed, `afterMs` after its first answer. */
async function live(library: string, afterMs: number): Promise<string[]> {
  const run = spawn(process.execPath, [child, library], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(run, 'close');
  const answers: string[] = [];
  for await (const line of createInterface({ input: run.stdout })) {
    if (answers.length === 0) setTimeout(() => run.exitCode ?? process.kill(-(run.pid ?? 0), 'SIGKILL'), afterMs);
    // The end may cut the last line.
    if (line.endsWith(']]')) answers.push(textOf(JSON.parse(line) as [string, number][]));
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return answers;
}

describe.skipIf(process.platform === 'win32')('promise 42: a change of models never mixes vectors', () => {
  it(`over ${kills} kills every answer is whole and of one pack`, { timeout: 60_000 + kills * 10_000 }, async () => {
    const photos = folderFor('photos');
    await makePhotos(photos, photoCount);
    const library = folderFor('library');
    const whole = new Map<string, string>();
    for (const [index, packId] of packs.entries())
      whole.set(await answerOf(packId, photos, index === 0 ? library : folderFor('other')), packId);
    expect(whole.size).toBe(2);
    const random = seededRandom(42);
    const seen = { answers: 0, switches: 0 };
    let last: string | undefined;
    for (let kill = 0; kill < kills; kill++) {
      for (const answer of await live(library, 1_000 + random() * 3_000)) {
        const packId = whole.get(answer);
        expect(packId ?? answer).toBeOneOf([...packs]);
        seen.answers++;
        if (last !== undefined && packId !== last) seen.switches++;
        last = packId;
      }
      expect(withLibrary(library, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok');
    }
    // Kills that met no switch, and answers that never changed, would prove nothing.
    expect(seen.switches).toBeGreaterThan(kills / 6);
    reached(
      42,
      `${kills} kills, ${seen.answers} answers over ${seen.switches} changes of pack, 0 of them mixed or partial`,
    );
  });
});
