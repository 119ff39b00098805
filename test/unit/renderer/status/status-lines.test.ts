import { expect, it } from 'vitest';
import { statusLines } from '../../../../renderer/status/status-lines.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';

const idle = sampleOutputs['indexing.progress'];

it('says how far the work is, what is left, and for how long', () => {
  expect(statusLines(idle, 1204)).toEqual({ main: 'Up to date', more: '1,204 photos ready' });
  expect(statusLines(idle, 0)).toEqual({ main: 'Up to date', more: '' });
  expect(statusLines({ ...idle, phase: 'scanning' }, 0)).toEqual({ main: 'Looking for photos…', more: '' });
  expect(statusLines({ ...idle, phase: 'indexing', done: 412, total: 1310, secondsLeft: 219 }, 0)).toEqual({
    main: '412 of 1,310',
    more: '898 left · about 4 min',
  });
  expect(statusLines({ ...idle, phase: 'indexing', done: 1, total: 3, paused: true }, 0).main).toBe('Paused, 2 left');
});
