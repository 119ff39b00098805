// Models that are not the ones the manifest names, or that reach for files beside them, are refused before any session is made of them.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ModelError } from '../../native-models/errors.ts';
import { externalFiles } from '../../native-models/files/external-data.ts';
import type { VerifiedFile } from '../../native-models/files/verify.ts';
import { openPack } from '../../native-models/open-pack.ts';
import type { Pack } from '../../native-models/pack.ts';
import { tinyModels } from '../helpers/cli.ts';
import { figure, reached } from '../helpers/figure.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

const packs = ['tiny-starter', 'tiny-large'];
const flips = figure(200, 5_000);
const create = vi.spyOn(InferenceSession, 'create');
afterEach(() => create.mockClear());

function copyOf(name: string): { folder: string; pack: Pack; files: string[] } {
  const folder = join(folderOf(), name);
  cpSync(join(tinyModels, name), folder, { recursive: true });
  const pack = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8')) as Pack;
  return { folder, pack, files: pack.files.map(({ path }) => path) };
}

/** What opening and warming all of a pack comes to. */
async function outcomeOf(folder: string, verified = new Map<string, VerifiedFile>()): Promise<string> {
  try {
    const pack = await openPack(folder, { verified, threads: 1 });
    await pack.warm(['image', 'text', 'captioner']);
    await pack.dispose();
    return 'opened';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return error.code;
  }
}

/** A field of a protobuf message that holds bytes. */
function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as string);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

/** What a graph is followed by to name a file beside it: messages of one kind that follow each other are one. */
function naming(location: string): Buffer {
  const entry = Buffer.concat([field(1, 'location'), field(2, location)]);
  return field(7, field(5, Buffer.concat([field(8, 'weights'), field(13, entry)])));
}

/** The pack as a stranger would make it: the hashes fit what lies there. */
function rewrite(folder: string, pack: Pack, path: string, bytes: Buffer): void {
  writeFileSync(join(folder, path), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = pack.files.map((file) => (file.path === path ? { ...file, bytes: bytes.length, sha256 } : file));
  writeFileSync(join(folder, 'pack.json'), JSON.stringify({ ...pack, files }));
}

describe('promise 41: models are what was shipped', () => {
  it.each(packs)('%s opens as it is, so that the refusals below mean something', async (name) => {
    expect(await outcomeOf(copyOf(name).folder)).toBe('opened');
    expect(create).toHaveBeenCalled();
  });

  it(`${flips} flipped bytes, times set back, are refused`, { timeout: 60_000 }, async () => {
    const random = seededRandom(41);
    const copies = packs.map(copyOf);
    const facts = copies.map(() => new Map<string, VerifiedFile>());
    for (const [index, { folder }] of copies.entries()) await openPack(folder, { verified: facts[index] ?? new Map() });
    const outcomes = new Map<string, number>();
    for (let flip = 0; flip < flips; flip++) {
      const which = flip % copies.length;
      const { folder, files } = copies[which] as (typeof copies)[number];
      const path = join(folder, files[Math.floor(random() * files.length)] as string);
      const before = readFileSync(path);
      const { atime, mtime } = statSync(path);
      const spoiled = Buffer.from(before);
      const at = Math.floor(random() * spoiled.length);
      spoiled[at] = (spoiled[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      writeFileSync(path, spoiled);
      utimesSync(path, atime, mtime);
      const outcome = await openPack(folder, { verified: facts[which] ?? new Map() }).then(
        () => 'opened',
        (error: ModelError) => error.code,
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      writeFileSync(path, before);
    }
    expect([...outcomes]).toEqual([['model/checksum', flips]]);
    expect(create).not.toHaveBeenCalled();
    reached(41, `${flips} of ${flips} flipped bytes refused before a session was made`);
  });

  it.each(packs)('%s with two files swapped, or one a link, is refused', async (name) => {
    const { folder, files } = copyOf(name);
    const [first = '', second = ''] = files.filter((path) => path.endsWith('.onnx')).map((path) => join(folder, path));
    renameSync(first, `${first}.aside`);
    renameSync(second, first);
    renameSync(`${first}.aside`, second);
    expect(await outcomeOf(folder)).toBe('model/checksum');
    rmSync(first);
    symlinkSync(join(tinyModels, name, 'pack.json'), first);
    expect(await outcomeOf(folder)).toBe('model/manifest');
    expect(create).not.toHaveBeenCalled();
  });

  it('a graph spoiled after its pack was opened is refused at its first use', async () => {
    const { folder, pack } = copyOf('tiny-starter');
    const opened = await openPack(folder);
    const path = join(folder, pack.image.graph);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(opened.warm(['image'])).rejects.toMatchObject({ code: 'model/checksum' });
    expect(create.mock.calls.filter(([file]) => file === (path as unknown))).toEqual([]);
  });

  it.each(['../secret.bin', '/etc/hostname', 'link.bin', 'beside.bin', '..\\secret.bin', ''])(
    'a graph that keeps tensors in %j, which its pack does not list, is refused',
    async (location) => {
      const { folder, pack } = copyOf('tiny-starter');
      const graph = pack.image.graph;
      const inner = join(folder, graph, '..');
      writeFileSync(join(inner, '..', 'secret.bin'), 'secret');
      writeFileSync(join(inner, 'beside.bin'), 'beside');
      symlinkSync('/etc/hostname', join(inner, 'link.bin'));
      rewrite(folder, pack, graph, Buffer.concat([readFileSync(join(folder, graph)), naming(location)]));
      expect(externalFiles(join(folder, graph))).toEqual([location]);
      expect(await outcomeOf(folder)).toBe('model/manifest');
      expect(create).not.toHaveBeenCalled();
    },
  );

  it('a listed file of tensors that is a link is refused', async () => {
    const { folder, pack } = copyOf('tiny-starter');
    const graph = pack.image.graph;
    const inner = join(folder, graph, '..');
    symlinkSync('/etc/hostname', join(inner, 'link.bin'));
    const bytes = readFileSync('/etc/hostname');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const listed = {
      ...(pack.files[0] as Pack['files'][number]),
      path: join(graph, '..', 'link.bin'),
      bytes: bytes.length,
      sha256,
    };
    const more = { ...pack, files: [...pack.files, listed] };
    rewrite(folder, more, graph, Buffer.concat([readFileSync(join(folder, graph)), naming('link.bin')]));
    expect(await outcomeOf(folder)).toBe('model/manifest');
    expect(create).not.toHaveBeenCalled();
  });

  it('no graph of the fixtures or of the shipped pack reaches beside itself', () => {
    for (const name of packs) {
      const { folder, pack } = copyOf(name);
      for (const path of Object.keys(pack.tensors)) expect(externalFiles(join(folder, path))).toEqual([]);
    }
  });
});
