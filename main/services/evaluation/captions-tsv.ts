// Reads the captions file of an evaluation: one caption a line, file name and text separated by a tab. Pure; runs where evaluation runs.
import { AppError } from '../../platform/app-error.ts';

/**
 * Captions by file name, both in file order. Takes CRLF and LF, a byte order mark and blank lines; quotes mean nothing. A caption may
 * hold further tabs, which become spaces.
 *
 * @throws AppError `input/invalid` naming the line: no tab, no file name, no caption, a file name that points out of the folder, or no
 * captions at all.
 */
export function parseCaptionsTsv(text: string): Map<string, string[]> {
  const captions = new Map<string, string[]>();
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === '') continue;
    const { file, caption } = parseLine(line, index + 1);
    const known = captions.get(file);
    if (known === undefined) captions.set(file, [caption]);
    else known.push(caption);
  }
  if (captions.size === 0) {
    throw new AppError(
      'input/invalid',
      'The captions file holds no captions; expected "file name, tab, caption" on each line.',
    );
  }
  return captions;
}

function parseLine(line: string, number: number): { file: string; caption: string } {
  const tab = line.indexOf('\t');
  if (tab === -1) throw invalid(number, 'there is no tab between file name and caption');
  const file = line.slice(0, tab).trim();
  const caption = line
    .slice(tab + 1)
    .replaceAll('\t', ' ')
    .trim();
  if (file === '') throw invalid(number, 'the file name is missing');
  // Names are looked up inside the images folder; a separator, a drive or a parent would lead out of it.
  if (/[/\\:\0]/.test(file) || file === '.' || file === '..') {
    throw invalid(
      number,
      'the file name must be a plain name inside the images folder, without "/", "\\", ":" or ".."',
    );
  }
  if (caption === '') throw invalid(number, 'the caption is empty');
  return { file, caption };
}

function invalid(line: number, what: string): AppError {
  return new AppError('input/invalid', `Captions file, line ${line}: ${what}.`);
}
