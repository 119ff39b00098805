// Who may speak to the web host at all, judged by a request's headers before anything else is looked at. Web host; pure.
import type { IncomingHttpHeaders } from 'node:http';

/** The names this host answers to. */
export interface OwnNames {
  /** Values of `Host`, lower case. */
  readonly hosts: ReadonlySet<string>;
}

/** What of a request the gate looks at. */
export interface Knock {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Every value of each header, which `headers` folds together. */
  readonly headersDistinct: NodeJS.Dict<string[]>;
  /** The address bar may lead here from anywhere: what is answered holds nothing of the library. */
  readonly isPage: boolean;
  readonly isSocket: boolean;
}

export interface Refusal {
  readonly status: 403 | 421;
  readonly reason: string;
}

/** Hosts under which a browser on this computer reaches a port of the loopback interface. A default port is left out by browsers. */
export function ownNames(port: number): OwnNames {
  return { hosts: new Set(['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host)) };
}

/**
 * Null for a request of our own page. In this order: `Host` (a name of another site that was made to point here is refused, 421), `Origin` (a page of
 * another site or port, 403; it must be there for writes and sockets), `Sec-Fetch-Site` (whatever else a browser says comes from elsewhere, 403).
 * The token is the next check, and the caller's.
 */
export function refusalOf(knock: Knock, own: OwnNames): Refusal | null {
  const host = onlyValue(knock.headersDistinct['host']);
  if (host === undefined || !own.hosts.has(host))
    return { status: 421, reason: 'Photoseek does not answer to this name' };
  const origins = knock.headersDistinct['origin'];
  if (origins !== undefined && onlyValue(origins) !== `http://${host}`) return refused;
  if (origins === undefined && (knock.isSocket || !isRead(knock.method))) return refused;
  const sites = knock.headersDistinct['sec-fetch-site'];
  if (sites === undefined || trusted.has(onlyValue(sites) ?? '') || isNavigation(knock)) return null;
  return refused;
}

const refused: Refusal = { status: 403, reason: 'Photoseek answers its own page only' };
const trusted: ReadonlySet<string> = new Set(['same-origin', 'none']);

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** A link or our redirect file led here: the whole page is loaded, which tells nobody anything. */
function isNavigation({ method, headers, isPage }: Knock): boolean {
  return (
    isPage && isRead(method) && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function onlyValue(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}
