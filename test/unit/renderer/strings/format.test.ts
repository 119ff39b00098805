import { describe, expect, it } from 'vitest';
import * as format from '../../../../renderer/strings/format.ts';

describe('what people read', () => {
  it('sizes', () => {
    expect([0, 999, 1000, 999_949, 999_960, 21_400_000, 2.41e9].map(format.formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '999.9 kB',
      '1 MB',
      '21.4 MB',
      '2.4 GB',
    ]);
  });

  it('times to wait, coarser the longer', () => {
    expect([0, 3, 42, 59.9, 119, 3540, 3600, 7100, 9000, 200_000].map(format.formatDuration)).toEqual([
      '1 s',
      '5 s',
      '45 s',
      '60 s',
      '2 min',
      '59 min',
      '1 h',
      '2 h',
      '2 h 30 min',
      '2 d',
    ]);
  });

  it('the time a photo was taken as the camera wrote it', () => {
    // Whether a comma follows the weekday depends on the language data of the runtime.
    expect(format.formatTaken('2019-07-04T18:03:11')?.replace(',', '')).toBe('Thursday 4 July 2019 at 18:03');
    expect(format.formatTaken('yesterday')).toBeNull();
  });

  it('the camera line', () => {
    expect(format.formatCamera('Canon', 'Canon EOS 5D')).toBe('Canon EOS 5D');
    expect(format.formatCamera('NIKON CORPORATION', 'NIKON D750')).toBe('NIKON D750');
    expect(format.formatCamera('FUJIFILM', 'X-T30')).toBe('FUJIFILM X-T30');
    expect(format.formatCamera(null, null)).toBe('');
    expect(format.formatExposure({ timeSeconds: 0.004, fNumber: 2.8, iso: 100, focalLengthMm: 35 })).toBe(
      '35 mm · f/2.8 · 1/250 s · ISO 100',
    );
    expect(format.formatExposure({ timeSeconds: 2.5, fNumber: null, iso: null, focalLengthMm: null })).toBe('2.5 s');
  });

  it('places and sizes in pixels', () => {
    expect(format.formatPlace({ lat: -33.9, lon: 18.4 })).toBe('33.90000° S, 18.40000° E');
    expect(format.formatDimensions(4000, 3000)).toBe('4,000 × 3,000 · 12 MP');
    expect(format.formatDimensions(64, 64)).toBe('64 × 64');
  });
});
