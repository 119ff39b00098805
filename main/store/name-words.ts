// The searchable words of file and folder names. Library thread.

/**
 * The words of a relative path and its folder's name, each once, in order: split at everything but letters and digits, between letters and digits,
 * and at humps; a name that was split at a hump is kept whole as well. The file's ending is left out.
 */
export function nameWords(names: readonly string[]): string {
  const words = new Set<string>();
  for (const name of names) {
    for (const piece of withoutEnding(name).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
      const parts = piece.match(/\p{N}+|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[\p{L}\p{M}]+/gu) ?? [piece];
      for (const part of parts) words.add(part.toLowerCase());
      if (parts.length > 1) words.add(piece.toLowerCase());
    }
  }
  return [...words].join(' ');
}

function withoutEnding(name: string): string {
  return name.replace(/\.[A-Za-z0-9]{1,5}$/, '');
}
