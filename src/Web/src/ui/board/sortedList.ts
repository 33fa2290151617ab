/** Items in the order of their keys, found by binary search. */
export class SortedList<T> {
  #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  /** @param compare Never 0 for two that are different. */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#items.length;
  }

  at(index: number): T | undefined {
    return this.#items[index];
  }

  /** Where it is, or would be. */
  indexOf(item: T): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#items[middle]!, item) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }

    return low;
  }

  add(item: T): void {
    this.#items.splice(this.indexOf(item), 0, item);
  }

  replace(before: T, after: T): void {
    this.#items[this.indexOf(before)] = after;
  }

  remove(item: T): void {
    this.#items.splice(this.indexOf(item), 1);
  }

  reset(items: T[]): void {
    this.#items = items.sort(this.#compare);
  }
}
