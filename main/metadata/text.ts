// Cleans the texts that cameras and editors leave in metadata (inference child process).

/** Longest text kept: descriptions of a page, not books. */
const MAX_TEXT = 10_000;

/** More than a person types or a program suggests for one photo. */
const MAX_KEYWORDS = 1000;

/** Control characters but tab and line breaks. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Texts that cameras write into every picture. They describe the camera, and would match searches for "camera". */
const CAMERA_FILLER = /^(?:[\w ]*digital camera|sony dsc|exif.jpeg.picture|jpeg.exif)$/i;

/** Trimmed, without control characters (NULs pad fixed fields), or `null` when nothing is left. */
export function cleanText(value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  const text = value.slice(0, MAX_TEXT).replace(CONTROL, '').trim();
  return text === '' ? null : text;
}

/** As `cleanText`, and `null` for the texts that cameras put into every picture. */
export function cleanDescription(value: string | null | undefined): string | null {
  const text = cleanText(value);
  return text !== null && CAMERA_FILLER.test(text) ? null : text;
}

/** The first thousand, cleaned, without duplicates, sorted by code unit so that the order is the same on every machine. */
export function cleanKeywords(values: Iterable<string>): string[] {
  const cleaned = new Set<string>();
  for (const value of values) {
    const text = cleanText(value);
    if (text !== null && cleaned.size < MAX_KEYWORDS) cleaned.add(text);
  }
  return [...cleaned].sort();
}
