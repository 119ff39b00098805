// A set of photo ids as bits, small and quick also for a million members. Pure.

export class IdSet {
  #bits = new Uint32Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: number): boolean {
    return ((this.#bits[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0;
  }

  /** Returns true where that changed something. */
  set(id: number, member: boolean): boolean {
    if (this.has(id) === member) return false;
    const word = id >>> 5;
    if (word >= this.#bits.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[word] = (this.#bits[word] ?? 0) ^ (1 << (id & 31));
    this.#size += member ? 1 : -1;
    return true;
  }

  clear(): void {
    this.#bits.fill(0);
    this.#size = 0;
  }

  /** Ascending. */
  toArray(): number[] {
    const ids: number[] = [];
    this.#bits.forEach((word, at) => {
      for (let rest = word; rest !== 0; rest &= rest - 1) ids.push(at * 32 + 31 - Math.clz32(rest & -rest));
    });
    return ids;
  }
}
