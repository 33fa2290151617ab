import { follow, isFinal, ProblemError, type Follow, type TransportName } from '../../client/index.js';
import { listOperations } from '../api/operations.js';
import { requests, send } from '../api/request.js';
import { session } from '../api/session.js';
import { OperationStore } from './operationStore.js';
import { Pace } from './pace.js';

export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'refused';

/** Most losses are mended before anybody needs to know. */
const patience = 6_000;

/** Follows all operations, on whatever page the person is. Tells `connection` when how it does so has changed, and `loaded`. */
class Feed extends EventTarget {
  readonly store = new OperationStore(flush => requestAnimationFrame(flush));
  readonly pace = new Pace();
  state: ConnectionState = 'connecting';
  transport: TransportName | undefined;
  /** When the state changed. */
  since = Date.now();
  /** Why the server does not let the page follow. */
  error: unknown;
  /** Whether what there is has come, after the start. */
  loaded = false;
  /** Whether there may be ended operations, older than those that are here. */
  older = true;
  #nextPage: string | undefined;
  #loading: Promise<void> | undefined;
  #following: AbortController | undefined;
  #follow: Follow | undefined;
  #giveUp: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.store.listen(changes => {
      for (const { before, after } of changes) {
        if (after?.endedAt && isFinal(after) && !(before && isFinal(before))) {
          this.pace.add(Date.parse(after.endedAt), Date.parse(after.endedAt) - Date.parse(after.createdAt));
        }
      }
    });
    window.addEventListener('offline', () => this.state !== 'refused' && this.#become('offline'));
    // The pauses between its own tries have grown meanwhile.
    window.addEventListener('online', () => this.state !== 'refused' && this.start());
    session.addEventListener('change', () => {
      if (session.state === 'signedOut') {
        this.#forget();
      } else if (this.#following?.signal.aborted || this.state === 'refused') {
        this.start();
      }
    });
  }

  start(): void {
    const position = this.#follow?.position;
    this.stop();
    const { signal } = this.#following = new AbortController();
    this.#follow = follow('/', {
      signal,
      ...position === undefined ? {} : { position },
      onStatus: status => this.store.put(status),
      onGone: uri => this.store.remove(uri),
      onReset: () => this.store.doubt(),
      onReady: () => void this.#ready(),
      onTransport: transport => this.#use(transport),
      onError: (error, retrying) => {
        if (!retrying) {
          this.error = error;
          this.#become('refused');
          if (error instanceof ProblemError && error.status === 401) {
            requests.dispatchEvent(new Event('signedOut'));
          }
        }
      },
    });
    this.#use(undefined);
  }

  stop(): void {
    this.#following?.abort();
    clearTimeout(this.#giveUp);
  }

  /** The next page of ended operations; the feed itself tells only of those that end from now on. */
  loadOlder(): Promise<void> {
    this.#loading ??= this.#loadPage().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Somebody else may come. */
  #forget(): void {
    this.stop();
    [...this.store.all()].forEach(({ uri }) => this.store.remove(uri));
    this.#follow = this.#nextPage = undefined;
    this.loaded = false;
  }

  async #ready(): Promise<void> {
    if (this.loaded && !this.store.inDoubt) {
      return;
    }

    // Without the older ones the board is of use all the same.
    this.#nextPage = undefined;
    await this.loadOlder().catch(() => undefined);
    this.store.settle();
    this.loaded = true;
    this.dispatchEvent(new Event('loaded'));
  }

  async #loadPage(): Promise<void> {
    const { operations, nextPageToken } = await send(listOperations({
      states: ['succeeded', 'failed', 'canceled'], pageSize: 200, ...this.#nextPage === undefined ? {} : { pageToken: this.#nextPage },
    }));
    operations.forEach(status => this.store.put(status));
    this.#nextPage = nextPageToken;
    this.older = nextPageToken !== undefined;
  }

  #use(transport: TransportName | undefined): void {
    clearTimeout(this.#giveUp);
    this.transport = transport;
    if (transport) {
      this.#become('live');
    } else {
      this.#become(this.loaded ? 'reconnecting' : 'connecting');
      this.#giveUp = setTimeout(() => this.#become('offline'), navigator.onLine ? patience : 0);
    }
  }

  #become(state: ConnectionState): void {
    if (state !== this.state) {
      this.since = Date.now();
    }

    this.state = state;
    this.dispatchEvent(new Event('connection'));
  }
}

export const feed = new Feed();
