// Tells drives of which no events can be expected: another computer changes them, or a program stands in between. Watcher thread.
import { statfs } from 'node:fs/promises';

/** Linux' magic numbers of file systems (`man 2 statfs`). */
const networkTypes: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE: sshfs, rclone and the like
  0x01021997, // 9p: shared folders of virtual machines
  0x786f4256, // VirtualBox
  0x5346414f, // AFS
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
]);

/** @param typeOf answers the number of the file system's type; Linux alone has such numbers. */
export async function isNetworkDrive(
  root: string,
  platform: NodeJS.Platform = process.platform,
  typeOf: (path: string) => Promise<number> = async (path) => (await statfs(path)).type,
): Promise<boolean> {
  if (platform === 'win32') return root.startsWith('\\\\');
  if (platform !== 'linux') return false;
  try {
    // Some systems hand the 32 bits out as a signed number.
    return networkTypes.has((await typeOf(root)) >>> 0);
  } catch {
    return false;
  }
}
