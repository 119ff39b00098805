// Swaps a one-time code, or the token of a page that is loaded again, for the secrets of a session; and tells a signed-in request from others. Web host.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { answer, answerText } from './answer.ts';
import type { SessionBook, SessionSecrets } from './sessions.ts';

const SignIn = z.strictObject({ code: z.string().min(1).max(100) });

/** A code and its braces need less. */
const longestBody = 1024;

/** Protocol that the page's socket speaks; beside it the page offers `token.<token>`, the only header a browser lets a page fill. */
export const socketProtocol = 'photoseek';
const tokenProtocol = 'token.';

/** What of a host its pictures are found and opened by, see `SessionFile`. */
export interface MediaNames {
  readonly instanceId: string;
  readonly mediaFolder: string;
}

export function cookieName(instanceId: string): string {
  return `photoseek-${instanceId}`;
}

/**
 * True for a request whose token, or media cookie, belongs to a session.
 *
 * [Note: what the cookie opens]
 * Browsers send a cookie to every port of this computer, other users' programs among them. Ours is sent below a folder alone whose name the page is told
 * beside its token, and opens nothing without that name: a page on another port does not even get it.
 */
export function mayRead(headers: IncomingHttpHeaders, instanceId: string, sessions: SessionBook): boolean {
  const token = bearer(headers);
  if (token !== undefined) return sessions.secretsOf(token) !== null;
  const name = `${cookieName(instanceId)}=`;
  const values = (headers.cookie ?? '').split(/; */).filter((pair) => pair.startsWith(name));
  return values.some((pair) => sessions.mayRead(pair.slice(name.length)));
}

/** True for a request that carries a session's token; the cookie opens nothing but pictures. */
export function hasToken(headers: IncomingHttpHeaders, sessions: SessionBook): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(/, */).find((one) => one.startsWith(tokenProtocol));
  const token = bearer(headers) ?? offered?.slice(tokenProtocol.length);
  return token !== undefined && sessions.secretsOf(token) !== null;
}

export async function answerSession(
  sessions: SessionBook,
  { instanceId, mediaFolder }: MediaNames,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') return answerText(request, response, 405, 'only to be posted to', { allow: 'POST' });
  const token = bearer(request.headers);
  const secrets = token === undefined ? await redeemed(sessions, request) : sessions.secretsOf(token);
  if (secrets === null)
    return answerText(request, response, 401, 'not signed in: this address was used before or is too old');
  const cookie = `${cookieName(instanceId)}=${secrets.mediaSecret}; Path=/${mediaFolder}; HttpOnly; SameSite=Strict`;
  answer(
    request,
    response,
    200,
    { 'content-type': 'application/json', 'cache-control': 'no-store', 'set-cookie': cookie },
    JSON.stringify({ token: secrets.token, mediaFolder }),
  );
}

async function redeemed(sessions: SessionBook, request: IncomingMessage): Promise<SessionSecrets | null> {
  if (request.headers['content-type'] !== 'application/json') return null;
  const text = await bodyOf(request);
  const signIn = SignIn.safeParse(text === null ? null : parsed(text));
  return signIn.success ? sessions.redeem(signIn.data.code) : null;
}

/** Null for one that is longer than anything we take. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.byteLength;
    if (length > longestBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function bearer(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '')?.[1];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
