// Brings a sentence into the form the text towers expect, before tokenising. Inference process; pure.

/**
 * NFC, runs of white space and control characters as one space, trimmed; lower case where the model was trained so.
 * @throws RangeError on a text with nothing in it: there is no vector of nothing.
 */
export function normaliseText(text: string, options: { lowercase: boolean }): string {
  const collapsed = text
    .normalize('NFC')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (collapsed === '') throw new RangeError('an empty text has no vector');
  return options.lowercase ? collapsed.toLowerCase() : collapsed;
}

/** False for a text of white space and control characters alone, of which there is no vector. */
export function hasContent(text: string): boolean {
  return /[^\s\p{Cc}]/u.test(text);
}
