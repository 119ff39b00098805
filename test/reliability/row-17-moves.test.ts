// Promise 17: a plain model of files and what was said of them, against the real walk and the real store. Reading a file's bytes stands in for the process
// that identifies photos, and the clock is the test's own: times of change are given by it, to the second, so that they prove nothing too often.
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { figure, reached } from '../helpers/figure.ts';
import { type MovedFolder, movedFolder } from '../helpers/moved-folder.ts';

const sequences = figure(1_000, 10_000);
const perLibrary = 20;

const kinds = [
  'rename',
  'move',
  'move folder',
  'swap',
  'duplicate',
  'overwrite',
  'case only',
  'other form',
  'delete',
  'put back',
  'speak',
] as const;

const step = fc.record({
  kind: fc.constantFrom(...kinds),
  from: fc.nat(1_000),
  to: fc.nat(1_000),
  look: fc.constantFrom('no', 'whole', 'hinted'),
  /** Less than two seconds prove nothing of what was read before them. */
  seconds: fc.constantFrom(0, 1, 10),
});

const sequence = fc.record({
  files: fc.oneof(
    { weight: 100, arbitrary: fc.integer({ min: 2, max: 6 }) },
    { weight: 1, arbitrary: fc.constant(200) },
  ),
  contents: fc.integer({ min: 1, max: 8 }),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function apply(photos: MovedFolder, { kind, from, to, seconds }: Step): Promise<void> {
  photos.pass(seconds);
  const paths = photos.paths();
  const one = paths[from % paths.length];
  const other = paths[to % paths.length];
  if (one === undefined || other === undefined) return;
  const free = photos.freePath(to);
  switch (kind) {
    case 'rename':
      return photos.move(one, photos.besides(one, to));
    case 'move':
      return photos.move(one, free);
    case 'move folder':
      return photos.moveFolder(one, to);
    case 'swap':
      return photos.swap(one, other);
    case 'duplicate':
      return photos.write(free, photos.contentOf(one));
    case 'overwrite':
      return photos.write(one, photos.contentOf(other));
    case 'case only':
      return photos.move(one, photos.otherCase(one));
    case 'other form':
      return photos.move(one, photos.otherForm(one));
    case 'delete':
      return paths.length > 1 ? photos.remove(one) : undefined;
    case 'put back':
      return photos.write(free, photos.anyContent(from));
    case 'speak':
      return photos.speak(one, `said at ${to}`);
  }
}

describe('promise 17: renaming and moving cost no work', () => {
  it(`in ${sequences} sequences of up to 200 files`, { timeout: 600_000 }, async () => {
    let folder: Awaited<ReturnType<typeof movedFolder>> | undefined;
    const sum = { sequences: 0, steps: 0, inferences: 0, contents: 0, read: 0 };
    const property = fc.asyncProperty(sequence, async ({ files, contents, steps }) => {
      if (!folder || sum.sequences % perLibrary === 0) {
        await folder?.close();
        folder = await movedFolder();
      }
      sum.sequences++;
      const photos = await folder.begin(files, contents);
      await photos.look('whole');
      for (const one of steps) {
        await apply(photos, one);
        sum.steps++;
        if (one.look === 'no') continue;
        await photos.look(one.look);
        expect(await photos.stored()).toEqual(photos.expected());
      }
      await photos.look('whole');
      expect(await photos.stored()).toEqual(photos.expected());
      const { inferences, seen, read } = photos.cost();
      // Each content was worked on when it was first seen, and never again.
      expect(inferences).toBe(seen);
      sum.inferences += inferences;
      sum.contents += seen;
      sum.read += read;
      photos.end();
    });
    await fc.assert(property, {
      numRuns: sequences,
      ...(process.env['FC_SEED'] ? { seed: Number(process.env['FC_SEED']) } : {}),
    });
    await folder?.close();
    reached(
      17,
      `${sequences} sequences, ${sum.steps} steps, ${sum.contents} contents: ${sum.inferences - sum.contents} re-inferences, ${sum.read} readings; captions follow content`,
    );
  });
});

/** Five files of five contents that were looked at long ago; the person spoke of the first. */
async function five() {
  const folder = await movedFolder();
  onTestFinished(folder.close);
  const photos = await folder.begin(5, 5);
  photos.pass(10);
  await photos.look('whole');
  const [one = '', other = ''] = photos.paths();
  await photos.speak(one, 'my own words');
  photos.pass(10);
  const before = photos.cost();
  const look = async (how: 'whole' | 'hinted') => {
    await photos.look(how);
    const { inferences, read } = photos.cost();
    return { inferences: inferences - before.inferences, read: read - before.read };
  };
  return { photos, one, other, look };
}

type Five = Awaited<ReturnType<typeof five>>;

/** What a look costs after it: photos worked on, files read. */
const cases: readonly (readonly [string, (five: Five) => void, { inferences: number; read: number }])[] = [
  ['nothing', () => undefined, { inferences: 0, read: 0 }],
  ['new', ({ photos }) => photos.write('new.jpg', photos.newContent(50)), { inferences: 1, read: 1 }],
  ['changed', ({ photos, other }) => photos.write(other, photos.newContent(50)), { inferences: 1, read: 1 }],
  [
    'changed, of the same size and time',
    ({ photos, other }) => photos.writeUnseen(other, photos.newContent(50)),
    { inferences: 1, read: 1 },
  ],
  ['renamed', ({ photos, one }) => photos.move(one, 'other name.jpg'), { inferences: 0, read: 1 }],
  ['moved', ({ photos, one }) => photos.move(one, 'far/away/one.jpg'), { inferences: 0, read: 1 }],
  // A folder's name is no part of what the system knows of the files in it.
  ['moved with its folder', ({ photos, other }) => photos.moveFolder(other, 0), { inferences: 0, read: 0 }],
  ['duplicated', ({ photos, one }) => photos.write('copy.jpg', photos.contentOf(one)), { inferences: 0, read: 1 }],
  [
    'replaced by what is known',
    ({ photos, one, other }) => photos.write(other, photos.contentOf(one)),
    { inferences: 0, read: 1 },
  ],
  ['deleted', ({ photos, other }) => photos.remove(other), { inferences: 0, read: 0 }],
  [
    'renamed in its case only',
    ({ photos, one }) => photos.move(one, photos.otherCase(one)),
    { inferences: 0, read: 1 },
  ],
  [
    'renamed between NFC and NFD',
    ({ photos }) => {
      const path = photos.paths().find((each) => photos.otherForm(each) !== each) ?? '';
      photos.move(path, photos.otherForm(path));
    },
    { inferences: 0, read: 1 },
  ],
  ['swapped', ({ photos, one, other }) => photos.swap(one, other), { inferences: 0, read: 2 }],
];

describe('promise 17: what a look costs after a file was', () => {
  it.each(cases.flatMap((each) => (['whole', 'hinted'] as const).map((how) => [...each, how] as const)))(
    '%s',
    async (_name, change, cost, how) => {
      const set = await five();
      change(set);
      expect(await set.look(how)).toEqual(cost);
      expect(await set.photos.stored()).toEqual(set.photos.expected());
    },
  );

  it('edited: the words go with it, and back again', async () => {
    const { photos, one, look } = await five();
    const before = photos.contentOf(one);
    photos.write(one, photos.newContent(50));
    expect(await look('whole')).toEqual({ inferences: 1, read: 1 });
    expect((await photos.stored())[one]).toContain('my own words');
    photos.pass(10);
    photos.write(one, before);
    expect(await look('whole')).toEqual({ inferences: 1, read: 2 });
    expect((await photos.stored())[one]).toContain('my own words');
  });
});
