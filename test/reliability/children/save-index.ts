// Saves growing graphs, several at once, and says when each is on disk: `node save-index.ts LAST FOLDER FIRST [FOLDER FIRST...]`. Run by tests that end it.
import { createSideStore } from '../../../main/vectors/side-index/side-store.ts';
import { saveSmall, smallGraph, smallVector } from '../../helpers/small-index.ts';

const [last = '', ...savers] = process.argv.slice(2);

async function saveOn(folder: string, first: number): Promise<void> {
  const store = createSideStore({ folder, writes: true });
  const graph = await smallGraph(first - 1);
  for (let photos = first; photos <= Number(last); photos++) {
    graph.set(photos, smallVector(photos));
    try {
      await saveSmall(store, graph);
      process.stdout.write(`done ${photos} ${folder}\n`);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      process.stdout.write(`failed ${code} ${message}\n`);
    }
  }
}

process.stdout.write('begun\n');
for (let at = 0; at < savers.length; at += 2) void saveOn(savers[at] ?? '', Number(savers[at + 1]));
