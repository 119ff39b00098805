// Builds what the desktop window loads: the page, its preload script, and the map of the page's files. Build tool, Node.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetMapOf } from '../platform/asset-map.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = join(root, 'dist', 'renderer');

for (const script of ['build:renderer', 'build:preload']) {
  // Windows starts npm through its shell only; nothing here comes from outside.
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
const names = readdirSync(page, { recursive: true, encoding: 'utf8' });
writeFileSync(join(root, 'dist', 'assets.json'), JSON.stringify(assetMapOf(names), null, 1));
