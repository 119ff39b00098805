// Answers pictures and the packed timeline, by id and only to a signed-in browser. Web host.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type MediaVariant, mediaVariants } from '../../preload/contract/media.ts';
import type { Media } from '../api/media.ts';
import { photoPolicy } from '../platform/window-headers.ts';
import { answer, answerText, plain } from './answer.ts';
import { commonHeaders } from './security-headers.ts';

/** What a path below `/media/` asks for; null where it names nothing. */
export function mediaTarget(path: string): 'timeline' | { photoId: number; variant: MediaVariant } | null {
  if (path === '/media/timeline') return 'timeline';
  const [, digits, name] = /^\/media\/([1-9]\d{0,14})\/([a-z]+)$/.exec(path) ?? [];
  const variant = mediaVariants.find((one) => one === name);
  return digits && variant ? { photoId: Number(digits), variant } : null;
}

/** The caller has checked the gate and the session. */
export async function answerMedia(
  media: Media,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answerText(request, response, 405, 'only to be read', { allow: 'GET, HEAD' });
  const target = mediaTarget(path);
  if (target === null) return answerText(request, response, 404, 'there is nothing here');
  const ifNoneMatch = request.headers['if-none-match'];
  const opened =
    target === 'timeline'
      ? await media.openTimeline({ ifNoneMatch })
      : await media.openMedia({ ...target, range: request.headers.range, ifNoneMatch });
  const headers = { ...opened.headers, 'content-security-policy': photoPolicy };
  if (opened.body instanceof Uint8Array) return answer(request, response, opened.status, headers, opened.body);
  response.writeHead(opened.status, plain({ ...commonHeaders, ...headers }));
  if (request.method === 'HEAD') {
    opened.body.destroy();
    response.end();
  } else await pipeline(opened.body, response);
}
