// photoseek serve as a real process: its line, its secrets, its socket and its end.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { descendants, runCli } from '../helpers/cli.ts';
import { buildPage, startServe } from '../helpers/serve.ts';
import { folderOf } from '../helpers/temporary-folder.ts';
import { ask, codeOf, post } from '../helpers/web-host.ts';

beforeAll(buildPage);

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A start of the whole program takes seconds where the computer is busy. */
const patient = { timeout: 90_000 };

describe('photoseek serve', patient, () => {
  it('prints one line of JSON, answers at its address, and ends cleanly when asked', async () => {
    const served = await startServe({ library: join(folderOf(), 'library') });
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/);
    expect((await ask(served.port, { path: '/' })).body).toContain('<title>Photoseek</title>');
    expect((await post(served.port, codeOf(served.url))).status).toBe(200);
    expect((await post(served.port, codeOf(served.url))).status).toBe(401);
    const children = descendants(served.pid);
    process.kill(served.pid, 'SIGTERM');
    const { code, stdout } = await served.done;
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(children.filter((pid) => descendants(1).includes(pid))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'shows its secrets in no argument, environment, log or file, and listens on 127.0.0.1 alone',
    async () => {
      const folder = folderOf();
      const library = join(folder, 'library');
      const served = await startServe({ library, env: { PHOTOSEEK_LOG: 'trace' } });
      const { body, headers } = await post(served.port, codeOf(served.url));
      const { token, mediaFolder } = JSON.parse(body) as { token: string; mediaFolder: string };
      const cookie = headers['set-cookie']?.[0]?.split(/[=;]/)[1] ?? '';
      await ask(served.port, {
        path: `/${mediaFolder}/media/timeline?v=1`,
        headers: { authorization: `Bearer ${token}` },
      });
      const secrets = [codeOf(served.url), token, cookie];
      expect(secrets.map((secret) => secret.length)).toEqual([43, 43, 43]);
      const places = [served.pid, ...descendants(served.pid)]
        .flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
        .concat(filesBelow(folder));
      const found = places.filter((place) => secrets.some((secret) => readFileSync(place).includes(secret)));
      expect(found).toEqual([]);
      expect(filesBelow(join(library, 'web-host')).map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
      const port = served.port.toString(16).toUpperCase().padStart(4, '0');
      const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
        readFileSync(table, 'utf8')
          .split('\n')
          .map((line) => line.trim().split(/\s+/))
          .filter((fields) => fields[1]?.endsWith(`:${port}`) && fields[3] === '0A'),
      );
      expect(listening.map((fields) => fields[1])).toEqual([`0100007F:${port}`]);
    },
  );

  it('says plainly that a port is taken, or no port', async () => {
    const served = await startServe({ library: join(folderOf(), 'library') });
    const again = await runCli(['serve', '--no-open', '--port', String(served.port)], {
      library: join(folderOf(), 'other'),
    });
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain(`port ${served.port} is taken by another program; choose another with --port`);
    const none = await runCli(['serve', '--port', '70000'], { library: join(folderOf(), 'none') });
    expect(none.code).toBe(2);
  });

  it('gives an open page its sign-in back after a kill, on the same port', async () => {
    const library = join(folderOf(), 'library');
    const first = await startServe({ library });
    const { body } = await post(first.port, codeOf(first.url));
    const { token } = JSON.parse(body) as { token: string };
    process.kill(first.pid, 'SIGKILL');
    await first.done;
    const second = await startServe({ library }, '--port', String(first.port));
    const headers = { origin: `http://127.0.0.1:${first.port}`, authorization: `Bearer ${token}` };
    expect((await ask(second.port, { method: 'POST', path: '/session', headers })).status).toBe(200);
    const code = await post(second.port, codeOf(first.url));
    expect(code.status).toBe(401);
  });
});
