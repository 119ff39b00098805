// What a file system knows of photos, so that a test can say that nothing of them was changed. Test processes.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything below a folder, itself included, by its path: inode, rights, owner, size, times and a hash of its bytes. The time of the last inode change
 * moves with extended attributes too.
 */
export function originalsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    ['', ...names].map((name) => {
      const file = join(folder, name);
      const stats = lstatSync(file, { bigint: true });
      const { ino, mode, nlink, uid, gid, size, mtimeNs, ctimeNs } = stats;
      const hash = stats.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
      return [name, [ino, mode, nlink, uid, gid, size, mtimeNs, ctimeNs, hash].join(' ')];
    }),
  );
}
