import { describe, expect, it } from 'vitest';
import type { Ranking } from '../../../../preload/contract/search.ts';
import { ResultsState } from '../../../../renderer/state/results.svelte.ts';
import { callError, fakeConnection, pending, settled } from '../../../helpers/fake-connection.ts';

const ranking = (photoIds: number[], more: Partial<Ranking> = {}): Ranking => ({
  photoIds,
  scores: photoIds.map((_, at) => 1 - at / 100),
  query: { texts: ['a dog'], chips: [], notes: [] },
  indexed: 10,
  pending: 0,
  tookMs: { encode: 1, scan: 1, fuse: 1, total: 3 },
  ...more,
});

interface Question {
  readonly text: string;
  readonly mode: string;
}

/** A search whose answers come when the test gives them. */
function held() {
  const open: (Question & ReturnType<typeof pending<Ranking>>)[] = [];
  const connection = fakeConnection({
    'search.rank': (input: Question, signal) => {
      const one = pending<Ranking>(signal);
      open.push({ ...input, ...one });
      return one.answer;
    },
  });
  const results = new ResultsState(connection, (id) => 100 - id);
  const give = async (text: string, mode: string, answer: Ranking): Promise<void> => {
    open.findLast((one) => one.text === text && one.mode === mode)?.give(answer);
    await settled();
  };
  return { connection, results, open, give };
}

const idsOf = (results: ResultsState): number[] | null => (results.list ? [...results.list.ids] : null);

describe('search as you type', () => {
  it('asks for words and for everything on each key, at once', () => {
    const { results, open } = held();
    results.setText('d');
    results.setText('do');
    expect(open.map(({ text, mode }) => [text, mode])).toEqual([
      ['d', 'fused'],
      ['d', 'words'],
      ['do', 'fused'],
      ['do', 'words'],
    ]);
  });

  it('keeps the timeline until something is answered, then shows words before the rest', async () => {
    const { results, give } = held();
    results.setText('dog');
    expect(idsOf(results)).toBeNull();
    await give('dog', 'words', ranking([3, 5]));
    expect([idsOf(results), results.phase]).toEqual([[3, 5], 'literal']);
    await give('dog', 'fused', ranking([5, 9, 3, 1]));
    expect([idsOf(results), results.phase]).toEqual([[5, 9, 3, 1], 'done']);
  });

  it('puts words on top of what the older sentence found instead of emptying the gallery', async () => {
    const { results, give } = held();
    results.setText('do');
    await give('do', 'fused', ranking([1, 2, 3]));
    results.setText('dog');
    expect(idsOf(results)).toEqual([1, 2, 3]);
    await give('dog', 'words', ranking([3]));
    expect(idsOf(results)).toEqual([3, 1, 2]);
  });

  it('says which sentence what stands there was found for, so that it is not laid out anew while a newer one is asked', async () => {
    const { results, give } = held();
    results.setText('do');
    await give('do', 'fused', ranking([1, 2, 3]));
    const before = results.list;
    results.setText('dog');
    expect([results.answered, results.list]).toEqual(['do', before]);
    await give('dog', 'fused', ranking([3]));
    expect(results.answered).toBe('dog');
    results.setText('');
    expect(results.answered).toBe('');
  });

  it('lets the newest win whatever order the answers come in', async () => {
    const { results, open, give } = held();
    results.setText('do');
    const older = open[0];
    results.setText('dog');
    await give('dog', 'fused', ranking([7]));
    older?.give(ranking([1]));
    await settled();
    expect(idsOf(results)).toEqual([7]);
  });

  it('does not let late words undo the whole answer', async () => {
    const { results, give } = held();
    results.setText('dog');
    await give('dog', 'fused', ranking([7, 8]));
    await give('dog', 'words', ranking([8]));
    expect([idsOf(results), results.phase]).toEqual([[7, 8], 'done']);
  });

  it('leaves the row that is pointed at where it is', async () => {
    const { results, give } = held();
    results.setText('dog');
    await give('dog', 'words', ranking([4, 5, 6]));
    results.hold(2);
    await give('dog', 'fused', ranking([6, 1, 5]));
    expect(idsOf(results)).toEqual([4, 5, 6, 1]);
  });

  it('moves everything for a new sentence', async () => {
    const { results, give } = held();
    results.setText('dog');
    await give('dog', 'fused', ranking([4, 5, 6]));
    results.hold(2);
    results.setText('cat');
    await give('cat', 'fused', ranking([9, 4]));
    expect(idsOf(results)).toEqual([9, 4]);
  });

  it('keeps what words found where the pictures cannot be asked, and says why', async () => {
    const { results, open, give } = held();
    results.setText('dog');
    await give('dog', 'words', ranking([3]));
    open[0]?.fail(callError('inference/unavailable', 'the model stopped; start it again'));
    await settled();
    expect([idsOf(results), results.phase, results.problem]).toEqual([
      [3],
      'failed',
      'the model stopped; start it again',
    ]);
  });

  it('shows what words find also where they answer after the rest has failed', async () => {
    const { results, open, give } = held();
    results.setText('dog');
    open[0]?.fail(callError('inference/unavailable'));
    await settled();
    await give('dog', 'words', ranking([3]));
    expect([idsOf(results), results.phase]).toEqual([[3], 'failed']);
  });

  it('shows no rows of an older sentence as the answer to one that failed', async () => {
    const { results, open, give } = held();
    results.setText('do');
    await give('do', 'fused', ranking([1, 2]));
    results.setText('dog');
    open.findLast(({ mode }) => mode === 'fused')?.fail(callError('inference/crashed'));
    await give('dog', 'words', ranking([]));
    expect([idsOf(results), results.phase]).toEqual([[], 'failed']);
  });

  it('waits while the line is down and asks again when it stands', async () => {
    const { connection, results, open, give } = held();
    const end = results.start();
    results.setText('dog');
    open[0]?.fail(callError('host/disconnected'));
    await settled();
    expect(results.phase).toBe('searching');
    connection.gap();
    await give('dog', 'fused', ranking([2]));
    expect([idsOf(results), results.phase]).toEqual([[2], 'done']);
    end();
  });

  it('asks again without a flicker when the library changes', async () => {
    const { connection, results, open, give } = held();
    const end = results.start();
    results.setText('dog');
    await give('dog', 'fused', ranking([2]));
    connection.tell('library.changed', { revision: 2 });
    await settled();
    expect(results.phase).toBe('done');
    expect(open.filter(({ mode }) => mode === 'words')).toHaveLength(1);
    await give('dog', 'fused', ranking([3, 2]));
    expect(idsOf(results)).toEqual([3, 2]);
    end();
  });

  it('goes back to the timeline when the box is emptied', async () => {
    const { results, give } = held();
    results.setText('dog');
    await give('dog', 'fused', ranking([2]));
    results.setText('   ');
    expect([idsOf(results), results.active, results.phase]).toEqual([null, false, 'idle']);
  });

  it('asks three ways for the comparison and none for words', async () => {
    const { results, open, give } = held();
    results.setWay('compare');
    results.setText('dog');
    expect(open.map(({ mode }) => mode)).toEqual(['embedding', 'caption', 'fused']);
    for (const [at, mode] of ['embedding', 'caption', 'fused'].entries()) await give('dog', mode, ranking([at + 1]));
    expect(results.comparison?.caption.photoIds).toEqual([2]);
    expect(results.comparing).toBe(true);
  });

  it('orders by date what is likely', async () => {
    const { results, give } = held();
    results.setText('dog');
    await give('dog', 'fused', ranking([2, 9, 4]));
    results.order = 'date';
    // Position 100 - id: the greater id is the newer photo.
    expect([idsOf(results), results.list?.grouped]).toEqual([[9, 4, 2], true]);
  });

  it('asks of ten thousand characters the first five hundred, no pair of units cut in two', () => {
    const { results, open } = held();
    results.setText(`x${'😀'.repeat(5000)}`);
    expect(open[0]?.text).toHaveLength(499);
    expect(open[0]?.text.isWellFormed()).toBe(true);
    expect(results.isCut).toBe(true);
  });
});
