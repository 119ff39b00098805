// What the connection to the web host needs of the browser page it runs in; tests give another one. Renderer.

/** A socket as far as it is used. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>;

/** What the host hands out to whoever is signed in. */
export interface SignedIn {
  readonly token: string;
  /** Part of the path of every picture that only signed-in pages know. */
  readonly mediaFolder: string;
}

export interface BrowserPage {
  /** The one-time code of the address, which is taken out of it (and of the history) at once. Null where there is none. */
  takeCode(): string | null;
  /** The address was changed by hand: a fresh code may be there. */
  onAddress(listener: () => void): void;
  readToken(): string | null;
  keepToken(token: string | null): void;
  /** @returns null where the host does not let us in. Rejects where no host answers. */
  signIn(secret: { readonly code: string } | { readonly token: string }): Promise<SignedIn | null>;
  openSocket(token: string): Socket;
  /** The person looks at the page again, or the network is back: worth a try at once. */
  onWake(listener: () => void): void;
  /** Loads the page anew, once for each build of it. @returns false where that was done before. */
  reloadOnce(build: string): boolean;
  /** Runs once after the delay unless the returned function is called first. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * [Note: where the token lies]
 * In local storage, which belongs to this origin with its port, so that a reload and a second tab are signed in. A cookie would not do: browsers send it to
 * every port of this computer, other users' programs among them; ours therefore opens pictures alone, and those below a folder that only we are told.
 */
const tokenKey = 'photoseek-token';
const reloadKey = 'photoseek-reloaded';

/** The page this script runs in. */
export function browserPage(): BrowserPage {
  let remembered: string | null = null;
  return {
    takeCode() {
      const [, code = null] = /^#code=([\w-]+)$/.exec(location.hash) ?? [];
      if (code) history.replaceState(history.state, '', location.pathname + location.search);
      return code;
    },
    onAddress: (listener) => addEventListener('hashchange', listener),
    readToken: () => stored(() => localStorage.getItem(tokenKey)) ?? remembered,
    keepToken(token) {
      remembered = token;
      stored(() => (token === null ? localStorage.removeItem(tokenKey) : localStorage.setItem(tokenKey, token)));
    },
    signIn,
    openSocket: (token) =>
      new WebSocket(new URL('/ws', location.href.replace(/^http/, 'ws')), ['photoseek', `token.${token}`]),
    onWake(listener) {
      addEventListener('online', listener);
      addEventListener('pageshow', listener);
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') listener();
      });
    },
    reloadOnce(build) {
      if (stored(() => sessionStorage.getItem(reloadKey)) === build) return false;
      // Where nothing can be remembered it would be loaded for ever.
      if (stored(() => sessionStorage.setItem(reloadKey, build)) === null) return false;
      location.reload();
      return true;
    },
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

async function signIn(secret: { readonly code: string } | { readonly token: string }): Promise<SignedIn | null> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch('/session', {
    method: 'POST',
    signal: AbortSignal.timeout(10_000),
    ...('code' in secret
      ? { headers, body: JSON.stringify(secret) }
      : { headers: { authorization: `Bearer ${secret.token}` } }),
  });
  if (response.ok) return (await response.json()) as SignedIn;
  if (response.status === 401) return null;
  throw new Error(`the host answered ${response.status}`);
}

/** Storage throws where the person has forbidden it. */
function stored<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
