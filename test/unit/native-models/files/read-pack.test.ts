import { cp, mkdir, mkdtemp, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locatePacks } from '../../../../native-models/files/locate-packs.ts';
import { readPack } from '../../../../native-models/files/read-pack.ts';
import { type VerifiedFile, verifyPack } from '../../../../native-models/files/verify.ts';

const source = join(import.meta.dirname, '../../../fixtures/models/tiny-starter');
const graph = 'onnx/vision_model.onnx';
let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'photoseek-packs-'));
  folder = join(root, 'tiny-starter');
  await cp(source, folder, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

describe('readPack', () => {
  it('reads the manifest', async () => {
    expect((await readPack(folder)).id).toBe('tiny-starter');
  });

  it.each([
    ['is not JSON', '{"format": 1', /^Pack tiny-starter: pack\.json is not JSON/],
    ['lacks a field', '{"format": 1}', /^Pack tiny-starter: pack\.json id: /],
  ])('says where a manifest that %s is at fault, without a path', async (_, text, message) => {
    await writeFile(join(folder, 'pack.json'), text);
    await expect(readPack(folder)).rejects.toMatchObject({
      code: 'model/manifest',
      message: expect.stringMatching(message),
    });
    await expect(readPack(folder)).rejects.not.toMatchObject({ message: expect.stringContaining(root) });
  });

  it('refuses a folder without a manifest, and a manifest that is a link', async () => {
    await expect(readPack(join(root, 'nothing'))).rejects.toMatchObject({ code: 'model/missing' });
    await rename(join(folder, 'pack.json'), join(root, 'pack.json'));
    await symlink(join(root, 'pack.json'), join(folder, 'pack.json'));
    await expect(readPack(folder)).rejects.toMatchObject({ code: 'model/manifest' });
  });
});

describe('verifyPack', () => {
  async function verify(facts = new Map<string, VerifiedFile>()) {
    return verifyPack(folder, await readPack(folder), facts);
  }

  it('returns the absolute path of every file', async () => {
    const paths = await verify();
    expect(paths.size).toBe(6);
    expect(paths.get(graph)).toBe(join(folder, graph));
  });

  it('refuses a file of another size', async () => {
    await writeFile(join(folder, graph), 'short');
    await expect(verify()).rejects.toMatchObject({
      code: 'model/checksum',
      message: expect.stringMatching(
        /^Pack tiny-starter: onnx\/vision_model\.onnx has 5 bytes instead of \d+\. Fetch the pack again\.$/,
      ),
    });
  });

  it('refuses a file of the same size with other bytes', async () => {
    const { size } = await stat(join(folder, graph));
    await writeFile(join(folder, graph), Buffer.alloc(size, 7));
    await expect(verify()).rejects.toMatchObject({ code: 'model/checksum' });
  });

  it('takes a hash once per file and time of change', async () => {
    const facts = new Map<string, VerifiedFile>();
    await verify(facts);
    const path = join(folder, graph);
    const { size, mtime, atime } = await stat(path);
    await writeFile(path, Buffer.alloc(size, 7));
    await utimes(path, atime, mtime);
    const known = facts.get(path) as VerifiedFile;
    const times = await stat(path);
    // Setting the time back hides no change.
    facts.set(path, { ...known, mtimeMs: times.mtimeMs });
    await expect(verify(facts)).rejects.toMatchObject({ code: 'model/checksum' });
    const proved = { ...known, mtimeMs: times.mtimeMs, ctimeMs: times.ctimeMs };
    facts.set(path, { ...proved, provedAtMs: Date.now() - 2 * 86_400_000 });
    await expect(verify(facts)).rejects.toMatchObject({ code: 'model/checksum' });
    facts.set(path, proved);
    await expect(verify(facts)).resolves.toBeDefined();
    await utimes(path, atime, new Date(mtime.getTime() + 5000));
    await expect(verify(facts)).rejects.toMatchObject({ code: 'model/checksum' });
  });

  it('remembers nothing good of a bad file', async () => {
    const facts = new Map<string, VerifiedFile>();
    const { size } = await stat(join(folder, graph));
    await writeFile(join(folder, graph), Buffer.alloc(size, 7));
    await expect(verify(facts)).rejects.toMatchObject({ code: 'model/checksum' });
    expect(facts.has(join(folder, graph))).toBe(false);
  });

  it('refuses a missing file, a folder in its place, and links of either', async () => {
    const path = join(folder, graph);
    await rename(path, join(root, 'real.onnx'));
    await expect(verify()).rejects.toMatchObject({ code: 'model/missing' });
    await symlink(join(root, 'real.onnx'), path);
    await expect(verify()).rejects.toMatchObject({
      code: 'model/manifest',
      message: expect.stringContaining('symbolic link'),
    });
    await rm(path);
    await mkdir(path);
    await expect(verify()).rejects.toThrow();
    await rm(path, { recursive: true });
    await rename(join(root, 'real.onnx'), path);
    await rename(join(folder, 'onnx'), join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), join(folder, 'onnx'));
    await expect(verify()).rejects.toMatchObject({ code: 'model/manifest' });
  });
});

describe('locatePacks', () => {
  it('lists packs of all folders, the first of an id winning, and names what it refuses', async () => {
    const second = join(root, 'more');
    await cp(folder, join(second, 'copy'), { recursive: true });
    await mkdir(join(second, 'broken'));
    await writeFile(join(second, 'broken/pack.json'), '{}');
    await mkdir(join(second, 'not-a-pack'));
    const first = join(root, 'first');
    await mkdir(first);
    await rename(folder, join(first, 'tiny-starter'));
    const { packs, refused } = await locatePacks([first, join(root, 'does-not-exist'), second]);
    expect(packs.map(({ folder: path, pack }) => [path, pack.id])).toEqual([
      [join(first, 'tiny-starter'), 'tiny-starter'],
    ]);
    expect(refused.map(({ folder: path, error }) => [path, error.code])).toEqual([
      [join(second, 'broken'), 'model/manifest'],
      [join(second, 'copy'), 'model/manifest'],
    ]);
  });
});
