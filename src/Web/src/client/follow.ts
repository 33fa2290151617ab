import { call, targetOf, type ConnectionOptions } from './connection.js';
import type { FeedEvent, FeedFilter, FeedTransport } from './feed.js';
import { feedHub } from './feedHub.js';
import { feedPoll } from './feedPoll.js';
import { feedStream } from './feedStream.js';
import { Ladder, type Watcher } from './ladder.js';
import type { Status } from './status.js';
import { LinkedController } from './time.js';
import type { TransportName } from './transport.js';

export type FeedTransportName = Exclude<TransportName, 'longpoll'>;

export interface FollowOptions extends ConnectionOptions {
  /** Which operations; all by default. */
  filter?: FeedFilter;
  /** Where an earlier follow was: what changed since comes first. Without one, all that has not ended comes first. */
  position?: string;
  /** Called with the newest snapshot of an operation, first of what is there, then of whatever changes. */
  onStatus?: (status: Status) => void;
  /** Called with the status URI of an operation that was deleted or has expired. */
  onGone?: (uri: string) => void;
  /** Called when the position is too old, or of an earlier run of the server: forget what was told before, all that counts comes anew. */
  onReset?: () => void;
  /** Called when all that was missed has come, after each new connection. */
  onReady?: () => void;
  /** Default 'auto': the best that works, in the order signalr, sse, poll. */
  transport?: 'auto' | FeedTransportName;
}

export interface Follow {
  /** Never resolves; rejects with a ProblemError when there is nothing to follow, or with the signal's reason. */
  readonly finished: Promise<never>;
  /** What works now; undefined while there is no connection. */
  readonly transport: TransportName | undefined;
  /** Where the follow is, to go on from there another time. */
  readonly position: string | undefined;
}

/**
 * Follows many operations, until the signal aborts.
 * @param base Where the gateway is, e.g. 'https://gateway.example/' or '/'.
 */
export function follow(base: string | URL, options: FollowOptions = {}): Follow {
  return new OperationsFollow(new URL(base, globalThis.document?.baseURI), options);
}

class OperationsFollow implements Follow, Watcher<string, FeedEvent> {
  readonly finished: Promise<never>;
  readonly #options: FollowOptions;
  #transport: TransportName | undefined;
  #position: string | undefined;

  constructor(base: URL, options: FollowOptions) {
    this.#options = options;
    this.#position = options.position;
    this.finished = this.#run(base);
    // Who only listens to the callbacks has been told there.
    this.finished.catch(() => undefined);
  }

  get transport(): TransportName | undefined {
    return this.#transport;
  }

  get position(): string | undefined {
    return this.#position;
  }

  get version(): string | undefined {
    return this.#position;
  }

  deliver({ position, status, gone, reset, ready }: FeedEvent): void {
    this.#position = position ?? this.#position;
    const { onStatus, onGone, onReset, onReady } = this.#options;
    if (status) {
      call(() => onStatus?.(status));
    } else if (gone !== undefined) {
      call(() => onGone?.(gone));
    } else if (reset) {
      call(() => onReset?.());
    } else if (ready) {
      call(() => onReady?.());
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

  async #run(base: URL): Promise<never> {
    // The caller gets the handle before the first callback.
    await undefined;
    const { filter = {}, signal, transport = 'auto' } = this.#options;
    const end = new LinkedController(signal);
    try {
      const transports = ladders[transport](base, filter);
      await new Ladder(transports, targetOf(collectionOf(base, filter), this.#options), this, end.signal, { isLast: () => false, resumes: true }).run();
      throw new Error('A feed has no end.');
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

const ladders: Record<'auto' | FeedTransportName, (base: URL, filter: FeedFilter) => FeedTransport[]> = {
  auto: (base, filter) => [feedHub(base, filter, true), feedStream, feedPoll],
  signalr: (base, filter) => [feedHub(base, filter, false)],
  sse: () => [feedStream],
  poll: () => [feedPoll],
};

function collectionOf(base: URL, { type, state, tags = {} }: FeedFilter): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/operations${type === undefined ? '' : `/${type}`}`;
  for (const one of [state ?? []].flat()) {
    url.searchParams.append('state', one);
  }

  for (const [name, value] of Object.entries(tags)) {
    url.searchParams.set(`tag.${name}`, value);
  }

  return url;
}
