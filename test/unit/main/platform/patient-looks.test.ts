// Questions that a dead drive may never answer: asked once, waited for so long and no longer.
import { describe, expect, it, vi } from 'vitest';
import { createPatientLooks } from '../../../../main/platform/patient-looks.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';

function setUp() {
  const clock = manualClock();
  const looks = createPatientLooks<string>(clock, 2_000);
  const answers: PromiseWithResolvers<string>[] = [];
  const look = vi.fn(() => {
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  });
  return { clock, looks, answers, look };
}

describe('patient looks', () => {
  it('hand on what was seen, and look anew the next time', async () => {
    const { clock, looks, answers, look } = setUp();
    const first = looks.ask('/a', look);
    expect(looks.hanging()).toBe(0);
    answers[0]?.resolve('there');
    expect(await first).toBe('there');
    expect([looks.hanging(), clock.waiting()]).toEqual([0, []]);
    const second = looks.ask('/a', look);
    answers[1]?.resolve('gone');
    expect(await second).toBe('gone');
  });

  it('share one look while it hangs, which is waited for no longer than once, and keep no other from being answered', async () => {
    const { clock, looks, answers, look } = setUp();
    const first = looks.ask('/a', look);
    clock.advance(1_500);
    const second = looks.ask('/a', look);
    clock.advance(500);
    expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
    expect(await looks.ask('/a', look)).toBeUndefined();
    expect([look.mock.calls.length, looks.hanging()]).toEqual([1, 1]);
    expect(await looks.ask('/b', async () => 'there')).toBe('there');
    answers[0]?.resolve('back');
    await settled(1);
    expect(await looks.ask('/a', async () => 'there')).toBe('there');
  });

  it('hand on why nothing could be seen, unless nobody waits for it any more', async () => {
    const { clock, looks, answers, look } = setUp();
    await expect(looks.ask('/a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const late = looks.ask('/b', look);
    clock.advance(2_000);
    expect(await late).toBeUndefined();
    answers[0]?.reject(new Error('too late'));
    await settled(1);
    expect([looks.hanging(), clock.waiting()]).toEqual([0, []]);
  });
});
