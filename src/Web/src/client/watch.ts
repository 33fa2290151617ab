import { eventStream } from './eventStream.js';
import { Ladder, type Watcher } from './ladder.js';
import { longPoll } from './longPoll.js';
import { poll } from './poll.js';
import { signalr } from './signalr.js';
import { isFinal, type Status } from './status.js';
import { LinkedController } from './time.js';
import type { Target, Transport, TransportName } from './transport.js';

export interface WatchOptions {
  /** Called with each newer snapshot, versions strictly rising, and exactly once with the final one. */
  onStatus?: (status: Status) => void;
  /** Called when a transport works, and with undefined when the connection is lost. */
  onTransport?: (transport: TransportName | undefined) => void;
  /** Called with what went wrong. While `retrying`, the watch mends it by itself. */
  onError?: (error: unknown, retrying: boolean) => void;
  /** Ends the watch; `finished` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Default 'auto': the best that works, in the order signalr, sse, longpoll, poll. */
  transport?: 'auto' | TransportName;
  /** The version that the caller has: it is shown newer ones only, but the final one in any case. */
  fromVersion?: number;
  /** Credentials, for instance. A function is asked anew for each request. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Default: the global one. SignalR does not use it. */
  fetch?: typeof fetch;
  /** One tab watches for all tabs of this origin that ask for it, with its own headers. Without effect where browsers lack the means, and in Node. */
  shared?: boolean;
}

export interface Watch {
  /** Resolves with the final Status; rejects with a ProblemError when the operation cannot be watched. */
  readonly finished: Promise<Status>;
  /** What works now; undefined while there is no connection. */
  readonly transport: TransportName | undefined;
  /** The newest snapshot. */
  readonly status: Status | undefined;
}

/** Watches an operation to its end, through restarts of the server and failures of the network. */
export function watch(uri: string | URL, options: WatchOptions = {}): Watch {
  return new OperationWatch(new URL(uri, globalThis.document?.baseURI), options);
}

class OperationWatch implements Watch, Watcher {
  readonly finished: Promise<Status>;
  readonly #options: WatchOptions;
  #transport: TransportName | undefined;
  #status: Status | undefined;

  constructor(url: URL, options: WatchOptions) {
    this.#options = options;
    this.finished = this.#run(url);
    // Who only listens to the callbacks has been told there.
    this.finished.catch(() => undefined);
  }

  get transport(): TransportName | undefined {
    return this.#transport;
  }

  get status(): Status | undefined {
    return this.#status;
  }

  get version(): number | undefined {
    return this.#status?.version ?? this.#options.fromVersion;
  }

  deliver(status: Status): void {
    const ended = this.#status !== undefined && isFinal(this.#status);
    const news = status.version > (this.version ?? -1) || isFinal(status);
    if (!ended && news) {
      this.#status = status;
      call(() => this.#options.onStatus?.(status));
    }
  }

  use(transport: TransportName | undefined): void {
    if (transport !== this.#transport) {
      this.#transport = transport;
      call(() => this.#options.onTransport?.(transport));
    }
  }

  trouble(error: unknown): void {
    call(() => this.#options.onError?.(error, true));
  }

  async #run(url: URL): Promise<Status> {
    // The caller gets the handle before the first callback.
    await undefined;
    const { fetch = globalThis.fetch, headers, signal, shared, transport = 'auto' } = this.#options;
    const target: Target = {
      url,
      // Called as a method, the browsers' fetch would refuse.
      fetch: (input, init) => fetch(input, init),
      headers: async () => new Headers(typeof headers === 'function' ? await headers() : headers),
    };
    const end = new LinkedController(signal);
    try {
      const own = (watcher: Watcher, until: AbortSignal, of = url) => new Ladder(ladders[transport](), { ...target, url: of }, watcher, until).run();
      if (shared && canShare()) {
        const { watchShared } = await import('./shared.js');
        await watchShared(url, own, this, end.signal);
      } else {
        await own(this, end.signal);
      }

      return this.#status!;
    } catch (error) {
      if (!signal?.aborted) {
        call(() => this.#options.onError?.(error, false));
      }

      throw error;
    } finally {
      end.abort();
    }
  }
}

const ladders: Record<'auto' | TransportName, () => Transport[]> = {
  auto: () => [signalr(true), eventStream, longPoll, poll],
  signalr: () => [signalr(false)],
  sse: () => [eventStream],
  longpoll: () => [longPoll],
  poll: () => [poll],
};

/** Node has these too, but no tabs. */
function canShare(): boolean {
  return typeof document !== 'undefined' && typeof BroadcastChannel !== 'undefined' && navigator.locks !== undefined;
}

/** A fault in a callback is the page's, and must not pass for a failure of the connection. */
function call(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
