// Reads the size of a JPEG XL picture with exifreader, whose header fields are bits of varying number (inference child process).
import exifReader from 'exifreader';
import { type Container, setSize } from './container.ts';

/** The codestream's header stands in front; metadata boxes before it are rarely longer than this. */
const HEAD_BYTES = 1 << 20;

/** Takes a bare codestream or a box file. */
export function readJpegXlSize(file: Buffer, into: Container): void {
  const head = Uint8Array.from(file.subarray(0, HEAD_BYTES));
  try {
    const { file: tags } = exifReader.loadView(new DataView(head.buffer), {
      expanded: true,
      includeTags: { file: ['Image Width', 'Image Height'] },
    });
    setSize(into, tags?.['Image Width']?.value ?? 0, tags?.['Image Height']?.value ?? 0);
  } catch {
    into.warnings.push('the JPEG XL header could not be read');
  }
}
