import { expect, it } from 'vitest';
import { decodeError, isHarmlessComplaint } from '../../../../native-models/image/decode-error.ts';

it.each([
  ['timeout: 61% complete', 'inference/timeout', 'Decoding took longer than 20 seconds and was given up.'],
  [
    'Input image exceeds pixel limit',
    'decode/too-large',
    'The picture is larger than Photoseek opens (Input image exceeds pixel limit).',
  ],
  ['VipsJpeg: out of memory', 'inference/out-of-memory', 'Not enough memory to decode the picture.'],
  [
    'tiff2vips: LZMA compression support is not configured',
    'decode/unsupported',
    'This variant of its format is not supported (LZMA compression support is not configured).',
  ],
  [
    'VipsJpeg: Corrupt JPEG data: 7 extraneous bytes\nVipsJpeg: Bogus marker length',
    'decode/corrupt',
    'The picture is damaged (Bogus marker length).',
  ],
  ['Input buffer has corrupt header: ', 'decode/corrupt', 'The picture is damaged (its header cannot be read).'],
  [
    'Input buffer contains unsupported image format',
    'decode/corrupt',
    'The picture is damaged (its header cannot be read).',
  ],
])('reads %j as %s', (text, code, message) => {
  const cause = new Error(text);
  expect(decodeError(cause)).toMatchObject({ code, message, cause });
});

it('passes on what is already converted', () => {
  const error = decodeError(new Error('x'));
  expect(decodeError(error)).toBe(error);
});

it('tells bytes that carry no picture from lost ones', () => {
  const extra = 'VipsJpeg: Corrupt JPEG data: 2 extraneous bytes before marker 0xdb';
  expect(isHarmlessComplaint(new Error(`${extra}\n${extra}\n`))).toBe(true);
  expect(isHarmlessComplaint(new Error(`${extra}\nVipsJpeg: premature end of JPEG image`))).toBe(false);
  expect(isHarmlessComplaint(new Error(''))).toBe(false);
});
