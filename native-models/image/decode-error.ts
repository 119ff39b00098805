// Converts what sharp throws into the codes of this project, once. Inference process; pure.
import { ModelError } from '../errors.ts';

/** Messages of sharp and of libvips' operations start with these; the rest of the line is the detail worth showing. */
const noise = /^(Input buffer (has corrupt header|contains unsupported image format):?\s*)?(\w+:\s*)?/;

/** A sound file of a kind that the decoders were not built for, such as TIFF with LZMA or old-style JPEG inside. */
const lacksVariant = /not configured|not supported|not a whole number of bytes|bad labq format/;

/** Any error of a sharp pipeline over one photo. A format the sniffing accepted but no loader takes is a damaged file. */
export function decodeError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/timeout/i.test(text)) {
    return new ModelError('inference/timeout', 'Decoding took longer than 20 seconds and was given up.', {
      cause: error,
    });
  }
  if (/pixel limit|too many channels|channel limit|dimensions? too large/i.test(text)) {
    return new ModelError('decode/too-large', `The picture is larger than Photoseek opens (${detail(text)}).`, {
      cause: error,
    });
  }
  if (/bad.?alloc|out of memory/i.test(text)) {
    return new ModelError('inference/out-of-memory', 'Not enough memory to decode the picture.', { cause: error });
  }
  if (lacksVariant.test(detail(text))) {
    return new ModelError('decode/unsupported', `This variant of its format is not supported (${detail(text)}).`, {
      cause: error,
    });
  }
  return new ModelError('decode/corrupt', `The picture is damaged (${detail(text)}).`, { cause: error });
}

/** True where the decoder only complained of bytes that carry no picture: every pixel is there. */
export function isHarmlessComplaint(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every((line) => /extraneous bytes before marker/.test(line));
}

/** The last line is the one that stopped the decoder; those before it are warnings. */
function detail(text: string): string {
  const line = text.split('\n').findLast((candidate) => candidate.replace(noise, '').trim() !== '') ?? '';
  return line.replace(noise, '').trim().slice(0, 120) || 'its header cannot be read';
}
