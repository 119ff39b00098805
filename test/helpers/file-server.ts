// A file server on loopback that can misbehave as networks do. Test processes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  readonly bytes: Buffer;
  /** Answers for the next requests, in order; a request beyond them gets the file. */
  readonly faults?: Fault[];
  /** Gives the whole file whatever range is asked for. */
  readonly ignoresRanges?: boolean;
}

export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  /** Ends the connection after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Sends so many bytes of the answer and then nothing more. */
  | { readonly kind: 'silence'; readonly after: number }
  | { readonly kind: 'redirect'; readonly to: string };

export interface FileServer {
  readonly url: string;
  readonly files: Map<string, Served>;
  /** `path` or `path range`, in the order asked. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, Served>();
  const requests: string[] = [];
  const server = createServer((request, response) => answer(files, requests, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  files: Map<string, Served>,
  requests: string[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (request.url ?? '/').slice(1);
  const { range } = request.headers;
  requests.push(range ? `${path} ${range}` : path);
  const file = files.get(path);
  if (!file) return void response.writeHead(404).end();
  const fault = file.faults?.shift();
  if (fault?.kind === 'status') return void response.writeHead(fault.status).end();
  if (fault?.kind === 'redirect') return void response.writeHead(302, { location: fault.to }).end();
  const start = file.ignoresRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const body = file.bytes.subarray(start);
  const headers: Record<string, string | number> = { 'content-length': body.length };
  if (start > 0) headers['content-range'] = `bytes ${start}-${file.bytes.length - 1}/${file.bytes.length}`;
  response.writeHead(start > 0 ? 206 : 200, headers);
  if (!fault) return void response.end(body);
  response.write(body.subarray(0, fault.after), () => {
    if (fault.kind === 'cut') response.destroy();
  });
}
