// Numbers for texts that many photos share, so that a column of them is a column of numbers. Library thread; pure.

export interface Dictionary<T> {
  /** The number of a value, given anew to one not seen before; 0 is that of none. */
  codeOf(key: string | null, value: () => T): number;
  /** By code, from 1. */
  readonly values: readonly (T | undefined)[];
}

export function createDictionary<T>(): Dictionary<T> {
  const codes = new Map<string, number>();
  const values: (T | undefined)[] = [undefined];
  return {
    values,
    codeOf(key, value) {
      if (key === null) return 0;
      const known = codes.get(key);
      if (known !== undefined) return known;
      codes.set(key, values.length);
      return values.push(value()) - 1;
    },
  };
}

/** For each code whether its value passes. */
export function codesWhere<T>({ values }: Dictionary<T>, test: (value: T | undefined) => boolean): Uint8Array {
  return Uint8Array.from(values, (value) => (test(value) ? 1 : 0));
}
