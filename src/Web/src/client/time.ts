/** Waits; rejects with the signal's reason when that aborts first. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    function abort() {
      clearTimeout(timer);
      reject(signal.reason);
    }

    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A controller that aborts with its parent. AbortSignal.any would do, but Node keeps its listeners for as long as the parent lives. */
export class LinkedController extends AbortController {
  readonly #parent: AbortSignal | undefined;
  readonly #follow = (): void => this.abort(this.#parent?.reason);

  constructor(parent: AbortSignal | undefined) {
    super();
    this.#parent = parent;
    if (parent?.aborted) {
      this.#follow();
    } else {
      parent?.addEventListener('abort', this.#follow, { once: true });
    }
  }

  override abort(reason?: unknown): void {
    this.#parent?.removeEventListener('abort', this.#follow);
    super.abort(reason);
  }
}

/**
 * Exponential back-off with full jitter: anything from nothing to the bound, so that the clients of a server that restarts do not
 * come back in step.
 */
export function fullJitter(failures: number, base = 1_000, cap = 30_000): number {
  return Math.random() * Math.min(cap, base * 2 ** failures);
}

/** What a Retry-After header asks for, in milliseconds. */
export function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  if (!text) {
    return undefined;
  }

  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
