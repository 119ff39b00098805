// Finds a photo's position by its id, in typed arrays: a million entries take megabytes, not the hundred of a Map. Pure.

/** Position of an id, -1 where it is not among them. */
export type IdIndex = (id: number) => number;

export function indexIds(ids: Uint32Array): IdIndex {
  let greatest = 0;
  for (const id of ids) if (id > greatest) greatest = id;
  // Row ids are dense but for deleted rows; a table is the quickest while it is not much larger than what it holds.
  return greatest <= 8 * ids.length + 1024 ? tableIndex(ids, greatest) : hashIndex(ids);
}

function tableIndex(ids: Uint32Array, greatest: number): IdIndex {
  const positions = new Int32Array(greatest + 1);
  for (let i = 0; i < ids.length; i++) positions[ids[i] as number] = i + 1;
  return (id) => (positions[id] ?? 0) - 1;
}

function hashIndex(ids: Uint32Array): IdIndex {
  const mask = 2 ** (Math.ceil(Math.log2(ids.length + 1)) + 1) - 1;
  const positions = new Int32Array(mask + 1);
  // Fibonacci hashing: neighbouring ids land far apart.
  const start = (id: number): number => (Math.imul(id, 0x9e3779b1) >>> 7) & mask;
  for (let i = 0; i < ids.length; i++) {
    let slot = start(ids[i] as number);
    while (positions[slot] !== 0) slot = (slot + 1) & mask;
    positions[slot] = i + 1;
  }
  return (id) => {
    for (let slot = start(id); positions[slot] !== 0; slot = (slot + 1) & mask) {
      const position = (positions[slot] as number) - 1;
      if (ids[position] === id) return position;
    }
    return -1;
  };
}
