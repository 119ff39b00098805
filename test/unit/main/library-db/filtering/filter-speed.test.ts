// Conditions cost less than the scan they spare: ratios of processor time inside one run, best of several rounds. Needs `npm run build`.
import { expect, it } from 'vitest';
import { testOf } from '../../../../../main/library-db/filtering/filter-tests.ts';
import { createPhotoColumns } from '../../../../../main/library-db/filtering/photo-columns.ts';
import { photosThat } from '../../../../../main/library-db/filtering/select-photos.ts';
import { photoSetOf } from '../../../../../main/platform/photo-set.ts';
import type { Filter } from '../../../../../main/services/search/parsed-query.ts';
import { createInt8Matrix } from '../../../../../main/vectors/int8-matrix.ts';
import { loadKernel } from '../../../../../main/vectors/kernel/load-kernel.ts';
import { chooser } from './told-library.ts';

const photos = 200_000;
const dim = 512;

const filters: readonly Filter[] = [
  { kind: 'date', not: false, from: '2015-06-01', to: '2015-09-01' },
  { kind: 'yearly', not: false, from: '12-24', to: '12-26' },
  { kind: 'place', not: false, places: [{ country: 'FR' }] },
  { kind: 'near', not: false, points: [{ latitude: 48, longitude: 2 }], radiusKm: 50 },
  { kind: 'camera', not: true, words: ['canon'] },
  { kind: 'folder', not: false, text: 'trip 12' },
  { kind: 'rating', not: false, least: 4, most: 5 },
];

function filledColumns() {
  const columns = createPhotoColumns();
  const { below, random } = chooser(3);
  const unknown = { format: 'jpeg', orientation: 1, lens: null, ownCaption: 0, generatedCaption: 1, favourite: 0 };
  for (let id = 1; id <= photos; id++) {
    columns.set({
      ...unknown,
      id,
      newest: 1e12 + 7e11 * random(),
      width: 4_000,
      height: 3_000,
      rating: below(6),
      lat: 120 * random() - 60,
      lon: 360 * random() - 180,
      cameraMake: 'Canon',
      cameraModel: `EOS ${below(30)}`,
      country: ['FR', 'US', 'IS'][below(3)] as string,
      region: null,
      city: null,
    });
    columns.setFiles(id, [{ photoId: id, folderId: 1, relPath: `trip ${id % 3_000}/${id}.jpg` }]);
  }
  return columns;
}

function filledMatrix() {
  const matrix = createInt8Matrix(loadKernel(), dim);
  const { random } = chooser(4);
  const values = Int8Array.from({ length: 2 * dim }, () => 255 * random() - 127);
  for (let id = 1; id <= photos; id++) {
    const from = id % dim;
    matrix.setQuantised(id, { scale: 0.001, values: values.subarray(from, from + dim) });
  }
  return matrix;
}

/** Milliseconds of processor time, the least of some rounds: other programs take time, they give none. */
function cost(work: () => void): number {
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...rounds);
}

it('selects in a part of the time that a scan takes, and scans within a selection in no more than scanning all takes', {
  timeout: 120_000,
}, () => {
  const columns = filledColumns();
  const matrix = filledMatrix();
  const query = Float32Array.from({ length: dim }, (_, i) => Math.sin(i));
  const outside = { folderNames: new Map([[1, 'Pictures']]), phrase: () => () => false };
  const whole = cost(() => matrix.scan(query, 1_000));
  for (const filter of filters) {
    const select = () => photosThat(columns, testOf(columns, filter, outside), filter.not);
    const set = select();
    // Done in another thread, while the sentence is encoded.
    expect(cost(select) / whole, filter.kind).toBeLessThan(0.7);
    const limit = set.count < 0.4 * photos ? 1 : 1.25;
    expect(cost(() => matrix.scan(query, 1_000, set)) / whole, filter.kind).toBeLessThan(limit);
  }
  // Of a selection that leaves nearly all, all rows are scored: what the set itself costs is a few hundredths.
  const most = photoSetOf(Array.from({ length: photos }, (_, i) => i + 1).filter((id) => id % 10 > 0));
  expect(cost(() => matrix.scan(query, 1_000, most)) / whole).toBeLessThan(1.25);
});
