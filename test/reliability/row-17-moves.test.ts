// Promise 17: a plain model of files and what was said of them, against the real walk and the real store. Reading a file's bytes stands in for the process
// that identifies photos, and the clock is the test's own: times of change are given by it, to the second, so that they prove nothing too often.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    { weight: 100, arbitrary: fc.integer({ min: 2, max: 8 }) },
    { weight: 1, arbitrary: fc.constant(200) },
  ),
  contents: fc.integer({ min: 1, max: 8 }),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
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
