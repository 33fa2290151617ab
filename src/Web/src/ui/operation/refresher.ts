/** Loads again when asked to: never twice at once, nor more often than the gap allows. */
export class Refresher {
  readonly #load: (signal: AbortSignal) => Promise<void>;
  readonly #gap: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;
  #loadedAt = -Infinity;
  #loading = false;
  #again: number | undefined;

  constructor(load: (signal: AbortSignal) => Promise<void>, gap: number) {
    this.#load = load;
    this.#gap = gap;
  }

  /** At the latest then, if the gap allows it. */
  within(ms: number): void {
    if (this.#loading) {
      this.#again = Math.min(ms, this.#again ?? Infinity);
      return;
    }

    const dueAt = Math.max(Date.now() + ms, this.#loadedAt + this.#gap);
    if (dueAt < this.#dueAt && !this.#controller.signal.aborted) {
      clearTimeout(this.#timer);
      this.#dueAt = dueAt;
      this.#timer = setTimeout(() => void this.#run(), dueAt - Date.now());
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  async #run(): Promise<void> {
    this.#dueAt = Infinity;
    this.#loading = true;
    try {
      await this.#load(this.#controller.signal);
    } finally {
      this.#loading = false;
      this.#loadedAt = Date.now();
    }

    if (this.#again !== undefined) {
      this.within(this.#again);
      this.#again = undefined;
    }
  }
}
