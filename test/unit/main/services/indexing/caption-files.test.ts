// Captions of files outside the library.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captionFiles } from '../../../../../main/services/indexing/caption-files.ts';
import { type Fate, fakeLane, fakePool } from '../../../../helpers/fake-inference.ts';

const never = new AbortController().signal;
const caption = (paths: string[], fate: Fate = {}, signal = never) => {
  const lane = fakeLane(fate);
  return { lane, answer: captionFiles(fakePool([lane]), paths, signal) };
};

describe('captionFiles', () => {
  it('asks for captions alone, in small batches, and keeps the order and the paths as given', async () => {
    const paths = ['a.jpg', '/b.jpg', 'c', 'd', 'e'];
    const { lane, answer } = caption(paths);
    const { captions, model } = await answer;
    expect(model).toBe('tiny@1/caption');
    expect(captions.map((entry) => entry.path)).toEqual(paths);
    expect(captions[0]).toEqual({
      path: 'a.jpg',
      caption: `a photo of ${resolve('a.jpg')}`,
      alternatives: ['a photo'],
      error: null,
    });
    expect(lane.analysed.map((batch) => batch.length)).toEqual([4, 1]);
    expect(lane.analysed[0]?.[0]).toEqual({
      path: resolve('a.jpg'),
      sha256: null,
      thumbnail: false,
      embedding: false,
      caption: true,
    });
  });

  it('gives each file its own error, and blames a crash on the one that caused it', async () => {
    const { answer } = caption(['/good', '/gone', '/fatal'], {
      endsAnalyse: new Set(['/fatal']),
      analyseFailure: (path) => (path === '/gone' ? { code: 'fs/missing', message: 'gone is gone' } : undefined),
    });
    const { captions } = await answer;
    expect(captions.map((entry) => entry.error?.code ?? entry.caption)).toEqual([
      'a photo of /good',
      'fs/missing',
      'decode/poison',
    ]);
    expect(captions[1]?.error).toEqual({ code: 'fs/missing', message: 'gone is gone' });
  });

  it('stops when cancelled, before and during a batch', async () => {
    await expect(caption(['/a'], {}, AbortSignal.abort()).answer).rejects.toMatchObject({ name: 'CancelledError' });
    const controller = new AbortController();
    const { lane, answer } = caption(
      ['/a', '/b', '/c', '/d', '/e'],
      { before: () => controller.abort() },
      controller.signal,
    );
    await expect(answer).rejects.toMatchObject({ name: 'CancelledError' });
    expect(lane.analysed).toHaveLength(1);
  });
});
