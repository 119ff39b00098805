import { expect, it } from 'vitest';
import { statusLines } from '../../../../renderer/status/status-lines.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';

const idle = sampleOutputs['indexing.progress'];

it('says how far the work is, what is left, and for how long', () => {
  expect(statusLines(idle, 1204, false)).toEqual({ main: 'Up to date', more: '1,204 photos ready' });
  expect(statusLines(idle, 0, false)).toEqual({ main: 'Up to date', more: '' });
  expect(statusLines({ ...idle, phase: 'scanning' }, 0, false)).toEqual({ main: 'Looking for photos…', more: '' });
  expect(statusLines({ ...idle, phase: 'indexing', done: 412, total: 1310, secondsLeft: 219 }, 0, true)).toEqual({
    main: '412 of 1,310',
    more: '898 left · about 4 min',
  });
  expect(statusLines({ ...idle, phase: 'indexing', done: 1, total: 3, paused: true }, 0, false).main).toBe(
    'Paused, 2 left',
  );
});

it('is not up to date while a folder that was just added is still to be looked through', () => {
  expect(statusLines(idle, 0, true)).toEqual({ main: 'Looking for photos…', more: '' });
  expect(statusLines({ ...idle, paused: true }, 0, true).main).toBe('Paused');
});
