const width = 2_000;
const shown = 45;

/** How many operations ended, and how long they had taken from their submission, in the last minute and a half. */
export class Pace {
  /** By the number of the two seconds since the epoch. */
  readonly #took = new Map<number, number[]>();

  add(endedAt: number, took: number): void {
    const slot = Math.floor(endedAt / width);
    const others = this.#took.get(slot);
    if (others) {
      others.push(took);
    } else {
      this.#took.set(slot, [took]);
    }
  }

  /** Oldest first, up to the last slot that is over: in each the number a second, and the median time, if any ended. */
  series(now: number): { rate: number[]; latency: (number | undefined)[] } {
    const last = Math.floor(now / width) - 1;
    for (const slot of this.#took.keys()) {
      if (slot <= last - shown) {
        this.#took.delete(slot);
      }
    }

    const slots = Array.from({ length: shown }, (_, index) => this.#took.get(last - shown + 1 + index) ?? []);
    return { rate: slots.map(took => took.length / (width / 1_000)), latency: slots.map(median) };
  }
}

export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
