/** Collects links of one issue: the first of a kind is `kind`, the next ones `kind.2`, `kind.3`, … */
export class Links {
  readonly #links = new Map<string, string>();

  /** Adds a link unless the same one is there. */
  add(kind: string, target: string): void {
    for (let n = 1; ; n += 1) {
      const key = n === 1 ? kind : `${kind}.${n}`;
      const found = this.#links.get(key);
      if (found === target) return;
      if (found !== undefined) continue;
      this.#links.set(key, target);
      return;
    }
  }

  /** The links as an issue holds them. */
  toRecord(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#links);
  }
}
