// Two joined ends in one process, as tests and threads use them.
import { describe, expect, it } from 'vitest';
import { portPair } from '../../../../main/platform/worker-port.ts';
import { settled } from '../../../helpers/manual-clock.ts';

describe('portPair', () => {
  it('delivers clones in order, transfers buffers, and tells both ends once of the end', async () => {
    const { owner, worker } = portPair();
    const got: unknown[] = [];
    const exits: string[] = [];
    worker.onMessage((message) => got.push(message));
    const ended = new Promise<void>((resolve) => {
      worker.onExit((reason) => {
        exits.push(`worker ${reason}`);
        resolve();
      });
    });
    owner.onExit((reason) => exits.push(`owner ${reason}`));
    const buffer = new ArrayBuffer(4);
    const sent = { deep: [1] };
    owner.post(sent);
    owner.post(buffer, [buffer]);
    expect(buffer.byteLength).toBe(0);
    await settled();
    expect(got).toEqual([{ deep: [1] }, expect.objectContaining({ byteLength: 4 })]);
    expect(got[0]).not.toBe(sent);
    owner.kill();
    await ended;
    owner.post('after the end');
    await settled();
    expect(exits.toSorted()).toEqual(['owner closed', 'worker closed']);
    expect(got).toHaveLength(2);
  });
});
