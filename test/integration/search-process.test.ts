// The search child process over a real library: in step with its writer, and answering again after it was killed. Needs `npm run build`.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SupervisorState } from '../../main/platform/worker-lifecycle.ts';
import { forkWorker, type WorkerPort } from '../../main/platform/worker-port.ts';
import { createSearchProcess } from '../../main/vectors/search-process.ts';
import { imageModel, libraryOf, resultOf, temporaryFolder, unitVector } from '../helpers/library-db.ts';

function searchProcess(libraryFolder: string, onState?: (state: SupervisorState) => void) {
  const ports: WorkerPort[] = [];
  const search = createSearchProcess({
    libraryFolder,
    spawn() {
      const port = forkWorker(new URL('../../main/entry/search.ts', import.meta.url));
      ports.push(port);
      return port;
    },
    ...(onState && { onState }),
  });
  onTestFinished(() => search.shutdown());
  const nearest = async (axis: number): Promise<readonly number[]> => {
    const query = { kind: 'image', modelId: imageModel, vector: unitVector(axis), limit: 3 } as const;
    const { photoIds, columns } = await search.candidates({ queries: [query], include: [], exact: 3 });
    const score = (id: number): number => columns[0]?.scores[photoIds.indexOf(id)] as number;
    return [...photoIds].sort((a, b) => score(b) - score(a));
  };
  return { search, ports, nearest };
}

describe('search process', () => {
  it('sees every vector committed before a question, and forgets what the library lost', async () => {
    const { db, folder, photoIds, folderId } = await libraryOf(['a.jpg', 'b.jpg', 'c.jpg']);
    const { nearest } = searchProcess(folder);
    const [first, second, third] = photoIds as [number, number, number];
    expect(await nearest(first)).toEqual([]);
    await db.completePhotos({ results: [resultOf(first), resultOf(second)], now: 4_000 });
    expect((await nearest(second))[0]).toBe(second);
    await db.completePhotos({ results: [resultOf(third)], now: 5_000 });
    expect((await nearest(third))[0]).toBe(third);
    const { scanId } = await db.beginScan({ folderId });
    await db.finishScan({ folderId, scanId, unreadable: [], now: 6_000 });
    expect(await nearest(third)).toEqual([]);
  });

  it('scores photos exactly and says what it holds', async () => {
    const { db, folder, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id)), now: 4_000 });
    const { search } = searchProcess(folder);
    const [photo] = photoIds as [number];
    const space = { kind: 'image', modelId: imageModel } as const;
    const query = { ...space, vector: unitVector(photo), limit: 1 };
    const answer = await search.candidates({ queries: [query], include: [999], exact: 1 });
    expect([...answer.photoIds]).toEqual([photo, 999]);
    expect(answer.columns[0]?.scores[0]).toBeCloseTo(1, 6);
    expect(answer.columns[0]?.scores[1]).toBeNaN();
    expect(await search.warm({ models: [space] })).toMatchObject({ rows: 2 });
  });

  it('answers a question that its death interrupted, from a new process', async () => {
    const { db, folder, photoIds } = await libraryOf(['a.jpg']);
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id)), now: 4_000 });
    const { nearest, ports } = searchProcess(folder);
    const [photo] = photoIds as [number];
    await nearest(photo);
    ports[0]?.kill();
    expect(await nearest(photo)).toEqual([photo]);
    expect(ports).toHaveLength(2);
  });

  it('removes the side files of a pack that the library has no vectors of', async () => {
    const { folder } = await libraryOf(['a.jpg']);
    const file = join(folder, 'cache', 'vectors', 'rows-0123456789abcdef.json');
    mkdirSync(join(folder, 'cache', 'vectors'), { recursive: true });
    writeFileSync(file, '{}');
    const { search } = searchProcess(folder);
    await search.warm({ models: [] });
    await vi.waitFor(() => expect(existsSync(file)).toBe(false));
  });

  it('says clearly that there is no library, and does not try again by itself', async () => {
    const { nearest, search, ports } = searchProcess(temporaryFolder());
    await expect(nearest(1)).rejects.toMatchObject({ code: 'library/not-found' });
    expect(search.state()).toMatchObject({ name: 'degraded' });
    expect(ports).toHaveLength(1);
  });

  it('passes on errors of a question with their code', async () => {
    const { db, folder, photoIds } = await libraryOf(['a.jpg']);
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id)), now: 4_000 });
    const { search } = searchProcess(folder);
    const query = { kind: 'image', modelId: imageModel, vector: Float32Array.of(1, 0), limit: 3 } as const;
    await expect(search.candidates({ queries: [query], include: [], exact: 3 })).rejects.toMatchObject({
      code: 'model/shape',
    });
  });
});
