import { isFinal, type Status } from '../../client/index.js';

/** One operation, before and after a batch of changes; `after` is absent when it is gone. */
export interface Change {
  before: Status | undefined;
  after: Status | undefined;
}

/** More than these are not kept: the oldest that have ended go. */
const most = 10_000;

/** The newest snapshot of each operation that the page knows. Changes are gathered, the newest of each, and told in batches. */
export class OperationStore {
  readonly #known = new Map<string, Status>();
  readonly #pending = new Map<string, Status | undefined>();
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  readonly #schedule: (flush: () => void) => void;
  #scheduled = false;
  /** While there is doubt: what was told since it began. */
  #told: Set<string> | undefined;

  /** @param schedule When to tell: with the next frame, say. */
  constructor(schedule: (flush: () => void) => void) {
    this.#schedule = schedule;
  }

  get size(): number {
    return this.#known.size;
  }

  all(): IterableIterator<Status> {
    return this.#known.values();
  }

  /** Calls back after each batch; answers how to stop. */
  listen(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get inDoubt(): boolean {
    return this.#told !== undefined;
  }

  /** All that is known may be wrong by now: it stays in sight until it is told anew, or goes with `settle`. */
  doubt(): void {
    this.#told = new Set();
  }

  /** All that there is has been told: what has not been is gone. */
  settle(): void {
    this.flush();
    const told = this.#told;
    this.#told = undefined;
    [...this.#known.keys()].filter(uri => told && !told.has(uri)).forEach(uri => this.remove(uri));
  }

  /** A snapshot that is older than the one that is known changes nothing, but for the first that is told in doubt. */
  put(status: Status): void {
    const { uri } = status;
    const anyway = this.#told !== undefined && !this.#told.has(uri);
    this.#told?.add(uri);
    const newest = this.#pending.has(uri) ? this.#pending.get(uri) : this.#known.get(uri);
    if (anyway || !newest || status.version > newest.version) {
      this.#pending.set(uri, status);
      this.#soon();
    }
  }

  remove(uri: string): void {
    this.#pending.set(uri, undefined);
    this.#soon();
  }

  flush(): void {
    this.#scheduled = false;
    const changes: Change[] = [];
    for (const [uri, after] of this.#pending) {
      const before = this.#known.get(uri);
      if (after) {
        this.#known.set(uri, after);
      } else {
        this.#known.delete(uri);
      }

      if (before || after) {
        changes.push({ before, after });
      }
    }

    this.#pending.clear();
    this.#forgetOldest(changes);
    if (changes.length > 0) {
      this.#listeners.forEach(listener => listener(changes));
    }
  }

  #forgetOldest(changes: Change[]): void {
    // Some more at once, so that it is rarely done.
    if (this.#known.size > most * 1.1) {
      const ended = [...this.#known.values()].filter(isFinal).sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? -1 : 1));
      for (const status of ended.slice(0, this.#known.size - most)) {
        this.#known.delete(status.uri);
        changes.push({ before: status, after: undefined });
      }
    }
  }

  #soon(): void {
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#schedule(() => this.flush());
    }
  }
}
