// Makes a pack of the fixtures one that can be downloaded from a test's own server. Test processes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pack } from '../../native-models/pack.ts';
import { tinyModels } from './cli.ts';
import type { FileServer } from './file-server.ts';

/** What differs from the fixture; files may lose their pins. */
export interface OfferChanges {
  readonly id?: string;
  readonly revision?: string;
  readonly unpin?: readonly string[];
}

/** Writes `<offers>/<id>/download.json`, and has the server give the files. @returns the pack that a download makes. */
export function offerPack(offers: string, server: FileServer, name: string, changes: OfferChanges = {}): Pack {
  const { unpin = [], ...fields } = changes;
  const pack = { ...(JSON.parse(readFileSync(join(tinyModels, name, 'pack.json'), 'utf8')) as Pack), ...fields };
  const from: Record<string, string> = {};
  for (const { path } of pack.files) {
    from[path] = `${name}/resolve/1/${path}`;
    server.files.set(from[path], { bytes: readFileSync(join(tinyModels, name, path)) });
  }
  const files = pack.files.map((file) => (unpin.includes(file.path) ? { ...file, bytes: null, sha256: null } : file));
  mkdirSync(join(offers, pack.id), { recursive: true });
  const offer = { format: 1, baseUrl: server.url, from, pack: { ...pack, files } };
  writeFileSync(join(offers, pack.id, 'download.json'), JSON.stringify(offer));
  return pack;
}
