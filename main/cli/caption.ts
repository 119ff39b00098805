// photoseek caption PHOTO...: says what photos show, without touching the library.
import { CallError } from '../../preload/contract/client.ts';
import { retryByCode } from '../../preload/contract/errors.ts';
import type { CommandContext } from './command-context.ts';

export async function caption({ api, terminal, signal }: CommandContext, paths: readonly string[]): Promise<void> {
  const answer = await api.indexing.captionFiles({ paths: [...paths] }, { signal });
  terminal.result(answer, () =>
    answer.captions.map(({ path, caption: text, error }) => `${path}: ${text ?? error?.message ?? ''}`),
  );
  const failed = answer.captions.find((entry) => entry.error !== null)?.error;
  // Every file had its line; the exit code still tells a script that one of them failed.
  if (failed && Object.hasOwn(retryByCode, failed.code)) {
    throw new CallError({ code: failed.code as keyof typeof retryByCode, message: failed.message, retry: 'never' });
  }
}
