// What doctor reports, and what it calls a problem.
import { describe, expect, it } from 'vitest';
import type { InferencePool } from '../../../../../main/inference/inference-pool.ts';
import type { StoreHealth } from '../../../../../main/library-db/library-rows.ts';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { examine } from '../../../../../main/services/doctor/doctor-service.ts';
import { DoctorReport } from '../../../../../preload/contract/shell.ts';
import { fakePool } from '../../../../helpers/fake-inference.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';

async function report(
  options: {
    pack?: InferencePool['pack'];
    health?: Partial<StoreHealth>;
    mode?: 'owner' | 'reader';
    notices?: readonly string[];
    lastBackupAt?: number;
  } = {},
) {
  const db = fakeLibraryDb();
  const health = async () => ({ ...(await db.health()), ...options.health });
  const inference = { ...fakePool(), ...(options.pack ? { pack: options.pack } : {}) };
  const parts = {
    db: {
      ...db,
      health,
      care: async () => ({ restored: null, backups: 1, lastBackupAt: options.lastBackupAt ?? null }),
    },
    now: () => Date.UTC(2026, 10, 24),
    inference,
    models: { packs: async () => [installed, { ...installed, id: 'other', active: false }, offered] },
    libraryFolder: '/lib',
    mode: options.mode ?? 'owner',
    version: '1.2',
    notices: () => options.notices ?? [],
  };
  const { problems, ...rest } = DoctorReport.parse(await examine(parts));
  // Whether this machine allows many watches is its own affair.
  return { ...rest, problems: problems.filter((line) => !line.includes('folder watches')) };
}

const installed = {
  id: 'tiny',
  revision: '1',
  title: 'Tiny',
  licence: 'CC0-1.0',
  notice: '',
  sizeMb: 1.2,
  active: true,
  state: 'installed' as const,
  problem: null,
};
const offered = { ...installed, id: 'best', revision: null, active: false, state: 'available' as const };

describe('doctor', () => {
  it('finds nothing wrong with a sound installation', async () => {
    const { versions, packs, providers, store, problems } = await report();
    expect(versions).toEqual({
      photoseek: '1.2',
      node: process.versions.node,
      sqlite: '3.51.3',
      onnxruntime: '1.30.0',
    });
    expect(packs).toEqual([expect.objectContaining({ id: 'tiny', active: true, state: 'ok', sizeMb: 1.2 })]);
    expect(providers).toEqual([{ name: 'cpu', used: true, reason: 'always there' }]);
    expect(store).toEqual({
      library: '/lib',
      mode: 'owner',
      sqlite: '3.51.3',
      schema: 30,
      journal: 'wal',
      synchronous: 'full',
      sizeMb: 1.3,
      check: 'ok',
      lastBackup: null,
    });
    expect(problems).toEqual([]);
  });

  it('reports a pack that cannot be opened instead of failing itself', async () => {
    const broken = await report({
      pack: () => Promise.reject(new AppError('model/checksum', 'image.onnx is damaged')),
    });
    expect(broken).toMatchObject({ providers: [], problems: ['image.onnx is damaged'] });
    expect(broken.packs.map(({ id, active, state }) => [id, active, state])).toEqual([
      ['tiny', true, 'damaged'],
      ['other', false, 'ok'],
    ]);
    const foreign = await report({ pack: () => Promise.reject(new Error('/secret')) });
    expect(foreign.problems).toEqual(['the model pack could not be opened']);
  });

  it('repeats what the window says, and says nothing twice', async () => {
    const { problems } = await report({
      pack: () => Promise.reject(new AppError('model/checksum', 'image.onnx is damaged')),
      notices: ['The models cannot be used: image.onnx is damaged. Choose another.', 'Another Photoseek has it open.'],
    });
    expect(problems).toEqual([
      'The models cannot be used: image.onnx is damaged. Choose another.',
      'Another Photoseek has it open.',
    ]);
  });

  it('says where no copy was made for more than a week', async () => {
    const old = await report({ lastBackupAt: Date.UTC(2026, 10, 16) });
    expect(old.store.lastBackup).toBe('2026-11-16T00:00:00.000Z');
    expect(old.problems).toEqual([expect.stringContaining('the last copy of the library is of 2026-11-16')]);
    expect((await report({ lastBackupAt: Date.UTC(2026, 10, 18) })).problems).toEqual([]);
  });

  it('calls a damaged database a problem', async () => {
    const { problems, store } = await report({
      health: { quickCheck: 'row 3 missing', synchronous: 9 },
      mode: 'reader',
    });
    expect(problems).toEqual([expect.stringContaining('the database is damaged (row 3 missing)')]);
    expect(store).toMatchObject({ mode: 'reader', synchronous: '9', check: 'row 3 missing' });
  });
});
