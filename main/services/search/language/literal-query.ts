// A sentence taken word for word, for evaluations and for what is no typed query. Shell process; pure.
import type { ParsedQuery } from '../parsed-query.ts';

/** Nothing of the text is read as a condition. */
export function literalQuery(text: string): ParsedQuery {
  const content = text.trim();
  return { texts: content === '' ? [] : [content], without: [], filters: [], chips: [], notes: [] };
}
