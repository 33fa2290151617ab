import { call, targetOf, type ConnectionOptions } from './connection.js';
import { eventStream } from './eventStream.js';
import { Ladder, snapshots, type Watcher } from './ladder.js';
import { longPoll } from './longPoll.js';
import { poll } from './poll.js';
import { signalr } from './signalr.js';
import { isFinal, type Status } from './status.js';
import { LinkedController } from './time.js';
import type { Transport, TransportName } from './transport.js';

export interface WatchOptions extends ConnectionOptions {
  /** Called with each newer snapshot, versions strictly rising, and exactly once with the final one. */
  onStatus?: (status: Status) => void;
  /** Default 'auto': the best that works, in the order signalr, sse, longpoll, poll. */
  transport?: 'auto' | TransportName;
  /** The version that the caller has: it is shown newer ones only, but the final one in any case. */
  fromVersion?: number;
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
    const { signal, shared, transport = 'auto' } = this.#options;
    const target = targetOf(url, this.#options);
    const end = new LinkedController(signal);
    try {
      const own = (watcher: Watcher, until: AbortSignal, of = url) => new Ladder(ladders[transport](), { ...target, url: of }, watcher, until, snapshots).run();
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
