// Patterns as a person types them, one a line. Renderer.

/** Bounds of the contract. */
const most = 100;
const longest = 500;

/** Without empty lines, comments and repetitions; null where there are too many or one is too long. */
export function patternsOf(typed: string): string[] | null {
  const lines = typed.split('\n').map((line) => line.trim());
  const patterns = [...new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))];
  return patterns.length > most || patterns.some((one) => one.length > longest) ? null : patterns;
}
