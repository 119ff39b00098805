// Hands the one-time code to the browser by a file that only its owner can read: a program's arguments are open to every user of the computer. Web host.
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RedirectFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** @param url leads to the page, signed in once; made of our own characters only. */
export async function writeRedirectFile(folder: string, url: string): Promise<RedirectFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `open-${randomBytes(8).toString('hex')}.html`);
  const page = `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}">
<title>Photoseek</title>
<p><a href="${url}">Open Photoseek</a></p>
`;
  await writeFile(path, page, { mode: 0o600, flag: 'wx' });
  return { path, remove: () => rm(path, { force: true }) };
}
