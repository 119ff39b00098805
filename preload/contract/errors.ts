// Error codes that may cross a process or window boundary, and the envelope that carries them. Used by every process.
import { z } from 'zod';

/**
 * When trying the same thing again can help: `never` (the input is at fault), `later` (a passing state),
 * `user` (after the person did something about it).
 */
export type Retry = 'never' | 'later' | 'user';

/** Every code there is, with its retry class. A code missing here is a compile error where it is thrown. */
export const retryByCode = {
  'input/invalid': 'never',
  'input/unknown-method': 'never',
  'library/folder-overlaps': 'never',
  'library/photo-not-found': 'never',
  'library/empty-folder': 'never',
  'library/not-found': 'user',
  'library/folder-not-found': 'never',
  'fs/missing': 'never',
  'fs/not-a-folder': 'never',
  'fs/not-a-file': 'never',
  'fs/denied': 'never',
  'fs/offline': 'later',
  'fs/unreadable': 'later',
  'fs/changed': 'later',
  'fs/too-large': 'never',
  'decode/unsupported': 'never',
  'decode/corrupt': 'never',
  'decode/too-large': 'never',
  'decode/empty': 'never',
  'decode/poison': 'user',
  'model/missing': 'user',
  'model/checksum': 'user',
  'model/manifest': 'user',
  'model/shape': 'user',
  'model/load': 'user',
  'inference/crashed': 'later',
  'inference/timeout': 'later',
  'inference/unavailable': 'user',
  'inference/out-of-memory': 'later',
  'store/busy': 'later',
  'store/corrupt': 'user',
  'store/newer-than-app': 'user',
  'store/disk-full': 'user',
  'store/read-only': 'user',
  'store/owned': 'later',
  'store/failed': 'user',
  'vectors/stale-index': 'later',
  'vectors/failed': 'later',
  'host/unsupported': 'never',
  'host/denied': 'never',
  'host/disconnected': 'later',
  internal: 'never',
} as const satisfies Record<string, Retry>;

export type ErrorCode = keyof typeof retryByCode;

/** What a failed call sends to the other side: no stack, and nothing but text that may be shown. */
export const ErrorEnvelope = z.strictObject({
  code: z.string().refine((code): code is ErrorCode => Object.hasOwn(retryByCode, code), 'unknown error code'),
  message: z.string(),
  retry: z.enum(['never', 'later', 'user']),
});
export type ErrorEnvelope = z.infer<typeof ErrorEnvelope>;
