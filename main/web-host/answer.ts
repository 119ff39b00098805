// Writes whole answers of the web host: status, headers that go with everything, body. Web host.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { commonHeaders } from './security-headers.ts';

export type Headers = Readonly<Record<string, string | number | readonly string[]>>;

/** Sends a whole body; a HEAD request gets its headers alone. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Headers,
  body: Uint8Array | string = '',
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // An answer without a body speaks of the length of the one it stands for, which is not known here.
  const length = status === 304 ? {} : { 'content-length': bytes.byteLength };
  response.writeHead(status, plain({ ...commonHeaders, ...length, ...headers }));
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** A refusal or an error in one line of text, which no cache keeps. */
export function answerText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Headers = {},
): void {
  answer(
    request,
    response,
    status,
    { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
    `${text}\n`,
  );
}

/** Node's type wants arrays that may be written to. */
export function plain(headers: Headers): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
}
