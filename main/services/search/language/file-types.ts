// File types by the names that people give them. Shell process; data.
import type { Filter } from '../parsed-query.ts';

export type FileType = Extract<Filter, { kind: 'type' }>['types'][number];

export const fileTypes: ReadonlySet<FileType> = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif']);

/** In any number: "jpg", "JPEGs", "tif". */
export function typeOf(word: string): FileType | null {
  const single = word.toLowerCase().replace(/(?<=.)s$/u, '');
  const name = single === 'jpg' ? 'jpeg' : single === 'tif' ? 'tiff' : single;
  return [...fileTypes].find((type) => type === name) ?? null;
}
