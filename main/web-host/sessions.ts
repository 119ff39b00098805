// Who is signed in to the web host: one-time codes, and the sessions they are swapped for. Secrets are kept as hashes only. Web host.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Given to the page once. */
export interface SessionSecrets {
  /** Sent by the page with every call, as `Authorization: Bearer`. */
  readonly token: string;
  /** Sent by the browser with pictures, as a cookie; opens nothing but pictures. */
  readonly mediaSecret: string;
}

/** A session as it may lie on disk: nobody gets in with it. */
export interface SavedSession {
  /** SHA-256, hexadecimal. */
  readonly token: string;
  readonly media: string;
}

export interface SessionBook {
  /** A code of 256 random bits that signs in once, within its time. */
  issueCode(lifetimeMs: number): string;
  /** Null for a code that is wrong, used or too old. The code is spent at once; the answer comes when the session is kept. */
  redeem(code: string): Promise<SessionSecrets | null>;
  /** The secrets that belong to a session's token; null for a token of no session. */
  secretsOf(token: string): SessionSecrets | null;
  mayRead(mediaSecret: string): boolean;
  saved(): readonly SavedSession[];
}

/** A person has a few browsers, not more; the oldest sign-in is forgotten for a new one. */
const mostSessions = 32;
const mostCodes = 32;

/**
 * @param saved sessions of this host's run before.
 * @param now epoch milliseconds.
 * @param keep called with every sign-in; whoever was told of a session is not to lose it.
 */
export function createSessionBook(
  saved: readonly SavedSession[],
  now: () => number,
  keep: () => Promise<void> = async () => undefined,
): SessionBook {
  let sessions: readonly SavedSession[] = saved.slice(-mostSessions);
  let codes: readonly { readonly hash: string; readonly until: number }[] = [];

  return {
    issueCode(lifetimeMs) {
      const code = randomSecret();
      codes = [...codes, { hash: hashOf(code), until: now() + lifetimeMs }].slice(-mostCodes);
      return code;
    },
    async redeem(code) {
      const hash = hashOf(code);
      const found = codes.find((one) => sameHash(one.hash, hash));
      // Used or too old: it is gone either way.
      codes = codes.filter((one) => one !== found && one.until > now());
      if (!found || found.until <= now()) return null;
      const secrets = secretsFor(randomSecret());
      sessions = [...sessions, { token: hashOf(secrets.token), media: hashOf(secrets.mediaSecret) }].slice(
        -mostSessions,
      );
      await keep();
      return secrets;
    },
    secretsOf(token) {
      const hash = hashOf(token);
      return sessions.some((session) => sameHash(session.token, hash)) ? secretsFor(token) : null;
    },
    mayRead(mediaSecret) {
      const hash = hashOf(mediaSecret);
      return sessions.some((session) => sameHash(session.media, hash));
    },
    saved: () => sessions,
  };
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The cookie's secret follows from the token, so that it can be given again; the token does not follow from it. */
function secretsFor(token: string): SessionSecrets {
  return { token, mediaSecret: createHmac('sha256', token).update('photoseek media').digest('base64url') };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes the same time wherever two hashes differ. */
function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
