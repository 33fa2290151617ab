import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Unreachable } from '../api/request.js';
import { everySecond } from './clock.js';

/** Loads again and again while the page is seen. What was loaded stays when the server is away. */
export class Polling<T> implements ReactiveController {
  value: T | undefined;
  #error: unknown;
  readonly #host: ReactiveControllerHost;
  readonly #load: (signal: AbortSignal) => Promise<T>;
  readonly #every: number;
  #due = 0;
  #loading: AbortController | undefined;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, load: (signal: AbortSignal) => Promise<T>, every = 4_000) {
    this.#host = host;
    this.#load = load;
    this.#every = every;
    host.addController(this);
  }

  /** What went wrong, when the person needs to know: that the server is away the shell tells, beside what is here still. */
  get error(): unknown {
    return this.value !== undefined && this.#error instanceof Unreachable ? undefined : this.#error;
  }

  hostConnected(): void {
    this.#stop = everySecond(() => {
      if (!this.#loading && Date.now() >= this.#due) {
        void this.again();
      }
    });
    void this.again();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#loading?.abort();
  }

  /** Something else is wanted now: what there was says nothing about it. */
  restart(): void {
    this.value = undefined;
    this.#error = undefined;
    this.#host.requestUpdate();
    void this.again();
  }

  /** Loads now: something was changed. */
  async again(): Promise<void> {
    this.#loading?.abort();
    const loading = this.#loading = new AbortController();
    try {
      const value = await this.#load(loading.signal);
      loading.signal.throwIfAborted();
      this.value = value;
      this.#error = undefined;
    } catch (error) {
      if (loading.signal.aborted) {
        return;
      }

      this.#error = error;
    }

    this.#loading = undefined;
    this.#due = Date.now() + this.#every;
    this.#host.requestUpdate();
  }
}
