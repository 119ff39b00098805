// Errors as they cross a process boundary and come back.
import { describe, expect, it } from 'vitest';
import {
  AppError,
  CancelledError,
  fromEnvelope,
  throwIfCancelled,
  toEnvelope,
} from '../../../../main/platform/app-error.ts';
import { ErrorEnvelope, retryByCode } from '../../../../preload/contract/errors.ts';

describe('AppError', () => {
  it('survives the way out and back, with the retry class of its code', () => {
    for (const code of Object.keys(retryByCode) as (keyof typeof retryByCode)[]) {
      const envelope = toEnvelope(new AppError(code, 'what happened', { cause: new Error('hidden') }));
      expect(ErrorEnvelope.parse(envelope)).toEqual({ code, message: 'what happened', retry: retryByCode[code] });
      const { code: back, message, retry } = fromEnvelope(envelope);
      expect({ code: back, message, retry }).toEqual(envelope);
    }
  });

  it.each([new Error('/home/ada/x'), 'text', undefined, null, { code: 'fs/denied', message: 'forged' }])(
    'says nothing of a foreign value (%s)',
    (thrown) => {
      expect(toEnvelope(thrown)).toEqual({
        code: 'internal',
        message: 'Something went wrong inside Photoseek.',
        retry: 'never',
      });
    },
  );

  it('refuses an envelope of an unknown code', () => {
    expect(ErrorEnvelope.safeParse({ code: 'toString', message: '', retry: 'never' }).success).toBe(false);
    expect(ErrorEnvelope.safeParse({ code: 'fs/nope', message: '', retry: 'never' }).success).toBe(false);
  });

  it('throws once a signal is aborted, and only then', () => {
    throwIfCancelled(undefined);
    throwIfCancelled(new AbortController().signal);
    expect(() => throwIfCancelled(AbortSignal.abort())).toThrow(CancelledError);
  });
});
