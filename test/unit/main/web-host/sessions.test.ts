// One-time codes, sessions, and what of them lies on disk.
import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeRedirectFile } from '../../../../main/web-host/redirect-file.ts';
import { openSessionFile } from '../../../../main/web-host/session-file.ts';
import { createSessionBook } from '../../../../main/web-host/sessions.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

function book() {
  const clock = { at: 1_000_000 };
  return { clock, sessions: createSessionBook([], () => clock.at) };
}

describe('a one-time code', () => {
  it('has 256 random bits and signs in once', async () => {
    const { sessions } = book();
    const code = sessions.issueCode(60_000);
    expect(Buffer.from(code, 'base64url')).toHaveLength(32);
    expect(await sessions.redeem(code)).not.toBeNull();
    expect(await sessions.redeem(code)).toBeNull();
  });

  it('is too old after its time, also to the millisecond', async () => {
    const { clock, sessions } = book();
    const [young, old] = [sessions.issueCode(60_000), sessions.issueCode(60_000)];
    clock.at += 59_999;
    expect(await sessions.redeem(young)).not.toBeNull();
    clock.at += 1;
    expect(await sessions.redeem(old)).toBeNull();
  });

  it('cannot be guessed from another', async () => {
    const { sessions } = book();
    const code = sessions.issueCode(60_000);
    const guesses = [`${code}A`, code.slice(0, -1), '', code.toUpperCase()];
    expect(await Promise.all(guesses.map((guess) => sessions.redeem(guess)))).toEqual([null, null, null, null]);
  });
});

describe('a session', () => {
  it('is known by its token, which gives the same secrets again, and by nothing else', async () => {
    const { sessions } = book();
    const secrets = await sessions.redeem(sessions.issueCode(1000));
    expect(sessions.secretsOf(secrets?.token ?? '')).toEqual(secrets);
    expect(sessions.mayRead(secrets?.mediaSecret ?? '')).toBe(true);
    expect(sessions.secretsOf(secrets?.mediaSecret ?? '')).toBeNull();
    expect(sessions.mayRead(secrets?.token ?? '')).toBe(false);
  });

  it('is kept as hashes, with which nobody gets in', async () => {
    const { sessions } = book();
    const secrets = await sessions.redeem(sessions.issueCode(1000));
    const again = createSessionBook(sessions.saved(), () => 0);
    expect(again.secretsOf(secrets?.token ?? '')).toEqual(secrets);
    const [saved] = sessions.saved();
    expect([saved?.token, saved?.media].map((hash) => again.secretsOf(hash ?? ''))).toEqual([null, null]);
    expect(again.mayRead(saved?.media ?? '')).toBe(false);
  });

  it('makes place for newer ones at some time', async () => {
    const { sessions } = book();
    const made = Array.from({ length: 40 }, () => sessions.redeem(sessions.issueCode(1000)));
    const tokens = (await Promise.all(made)).map((secrets) => secrets?.token ?? '');
    expect(tokens.filter((token) => sessions.secretsOf(token) !== null)).toEqual(tokens.slice(-32));
  });
});

describe('the file of sessions', () => {
  const session = { token: 'a'.repeat(64), media: 'b'.repeat(64) };
  const day = 24 * 3_600_000;

  it('is its owner’s alone, and gives the same port the same sessions and cookie name', async () => {
    const folder = join(folderOf(), 'web-host');
    const first = await openSessionFile(folder, 4000, Date.now);
    await first.save([session]);
    await first.close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
    const again = await openSessionFile(folder, 4000, Date.now);
    expect(again).toMatchObject({ sessions: [session], instanceId: first.instanceId, mediaFolder: first.mediaFolder });
    const other = await openSessionFile(folder, 4001, Date.now);
    expect(other.sessions).toEqual([]);
    expect(other.instanceId).not.toBe(first.instanceId);
    expect(other.mediaFolder).not.toBe(first.mediaFolder);
    await Promise.all([again.close(), other.close()]);
  });

  it('is forgotten half a day after the host’s end', async () => {
    const folder = folderOf();
    const first = await openSessionFile(folder, 4000, Date.now);
    await first.save([session]);
    await first.close();
    const later = await openSessionFile(folder, 4000, () => Date.now() + day);
    expect(later.sessions).toEqual([]);
    await later.close();
  });

  it('starts anew where it is damaged', async () => {
    const folder = folderOf(['port-4000.json']);
    const now = Date.now() / 1000;
    utimesSync(join(folder, 'port-4000.json'), now, now);
    const opened = await openSessionFile(folder, 4000, Date.now);
    expect(opened.sessions).toEqual([]);
    await opened.save([session]);
    expect(JSON.parse(readFileSync(join(folder, 'port-4000.json'), 'utf8'))).toMatchObject({ sessions: [session] });
    await opened.close();
  });
});

describe('the redirect file', () => {
  it('leads to the address, is its owner’s alone, and goes', async () => {
    const folder = join(folderOf(), 'web-host');
    const file = await writeRedirectFile(folder, 'http://127.0.0.1:4000/#code=abc');
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(file.path, 'utf8')).toContain('content="0; url=http://127.0.0.1:4000/#code=abc"');
    expect(file.path).not.toContain('abc');
    await file.remove();
    expect(readdirSync(folder)).toEqual([]);
  });
});
