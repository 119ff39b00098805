// The application's interface in a browser of the same computer: an HTTP server on the loopback address that answers its own page only. Web host.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Media } from '../api/media.ts';
import { AppError } from '../platform/app-error.ts';
import { answer, answerText } from './answer.ts';
import { type OwnNames, ownNames, refusalOf } from './gate.ts';
import { answerMedia } from './media-route.ts';
import { type RedirectFile, writeRedirectFile } from './redirect-file.ts';
import { openSessionFile, type SessionFile } from './session-file.ts';
import { answerSession, hasToken, type MediaNames, mayRead } from './session-route.ts';
import { createSessionBook, type SessionBook } from './sessions.ts';
import { createSocketPeers, type SocketPeers, type SocketPeersOptions } from './socket-peers.ts';
import { readStaticFiles, type StaticFile } from './static-files.ts';

export interface WebHostOptions extends SocketPeersOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The built page. */
  readonly rendererFolder: string;
  /** A folder of this host's own in the library: sign-ins and the file that hands over the code. */
  readonly stateFolder: string;
  readonly media: Media;
  /** Epoch milliseconds. */
  now(): number;
}

export interface WebHost {
  readonly port: number;
  /** A fresh address that signs in once, within a few minutes. */
  signInUrl(): string;
  /** A file that leads a browser to such an address; readable by its owner only, gone after a minute. */
  redirectFile(): Promise<string>;
  close(): Promise<void>;
}

/** For one that a person copies out of a terminal. */
const printedCodeMs = 5 * 60_000;
/** For one in a file that a browser opens at once. */
const fileCodeMs = 60_000;
const mostPages = 32;

interface Site {
  readonly own: OwnNames;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly sessions: SessionBook;
  readonly names: MediaNames;
  readonly options: WebHostOptions;
  readonly peers: SocketPeers;
}

/** @throws AppError where the page is not built or the port is taken. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const files = await readStaticFiles(options.rendererFolder);
  // An import of it would load all that the module has, with a client for the network that this host has no use for: 30 ms of each start.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000, headersTimeout: 10_000 });
  server.maxConnections = 512;
  const port = await listen(server, options.port);
  const kept = await openSessionFile(options.stateFolder, port, options.now);
  const sessions = createSessionBook(kept.sessions, options.now, () => keep(kept, sessions, options));
  const peers = createSocketPeers(options);
  const site: Site = { own: ownNames(port), files, sessions, names: kept, options, peers };
  server.on('request', (request, response) => void respond(site, request, response));
  server.on('upgrade', (request, socket, head) => upgrade(site, request, socket as Socket, head));
  const redirects = new Set<RedirectFile>();
  const url = (lifetimeMs: number): string => `http://127.0.0.1:${port}/#code=${sessions.issueCode(lifetimeMs)}`;
  return {
    port,
    signInUrl: () => url(printedCodeMs),
    async redirectFile() {
      const file = await writeRedirectFile(options.stateFolder, url(fileCodeMs));
      redirects.add(file);
      options.clock.after(fileCodeMs, () => void file.remove());
      return file.path;
    },
    async close() {
      peers.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, kept.close(), ...[...redirects].map((file) => file.remove())]);
    },
  };
}

function keep(kept: SessionFile, sessions: SessionBook, options: WebHostOptions): Promise<void> {
  // Where it cannot be written, a restart of the host signs out and nothing else is lost.
  return kept.save(sessions.saved()).catch((error) => options.log.warn({ err: error }, 'sign-ins are not kept'));
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new AppError('input/invalid', `port ${port} is taken by another program; choose another with --port`);
    if (error.code === 'EACCES')
      throw new AppError('host/denied', `port ${port} is kept for the system; choose one above 1023 with --port`);
    throw error;
  });
  return (server.address() as AddressInfo).port;
}

async function respond(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(site, request, response);
  } catch (error) {
    if (response.destroyed) return;
    site.options.log.error({ err: error }, 'a request failed');
    if (response.headersSent) response.destroy();
    else answerText(request, response, 500, 'something went wrong inside Photoseek');
  }
}

async function route(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { sessions, names } = site;
  const path = pathOf(request);
  const file = path === null ? undefined : site.files.get(path);
  const refusal = refusalOf(knockOf(request, path, false), site.own);
  // What else it was going to send is not waited for.
  if (refusal) return answerText(request, response, refusal.status, refusal.reason, { connection: 'close' });
  if (file) return answerFile(file, request, response);
  if (path === '/session') return answerSession(sessions, names, request, response);
  if (!mayRead(request.headers, names.instanceId, sessions))
    return answerText(request, response, 401, 'not signed in', { 'www-authenticate': 'Bearer', connection: 'close' });
  const folder = `/${names.mediaFolder}`;
  if (path?.startsWith(`${folder}/media/`))
    return answerMedia(site.options.media, path.slice(folder.length), request, response);
  answerText(request, response, 404, 'there is nothing here');
}

function answerFile(file: StaticFile, request: IncomingMessage, response: ServerResponse): void {
  const headers = {
    'content-type': file.type,
    'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
  };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    answerText(request, response, 405, 'only to be read', { allow: 'GET, HEAD' });
  else if (request.headers['if-none-match'] === file.etag) answer(request, response, 304, headers);
  else answer(request, response, 200, headers, file.body);
}

function upgrade(site: Site, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const status = upgradeRefusal(site, request);
  if (status === null) {
    socket.setNoDelay(true);
    site.peers.upgrade(request, socket, head);
  } else refuse(socket, status);
}

function upgradeRefusal(site: Site, request: IncomingMessage): number | null {
  const path = pathOf(request);
  const refusal = refusalOf(knockOf(request, path, true), site.own);
  if (refusal) return refusal.status;
  if (!hasToken(request.headers, site.sessions)) return 401;
  if (path !== '/ws') return 404;
  return site.peers.count() < mostPages ? null : 503;
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

function knockOf(request: IncomingMessage, path: string | null, isSocket: boolean): Parameters<typeof refusalOf>[0] {
  const { method = '', headers, headersDistinct } = request;
  return { method, headers, headersDistinct, isSocket, isPage: path === '/' || path === '/index.html' };
}

/** The path as it was sent, undecoded; null for a request that names another server or none of our paths. */
function pathOf(request: IncomingMessage): string | null {
  const [path = ''] = (request.url ?? '').split('?');
  return path.startsWith('/') ? path : null;
}
