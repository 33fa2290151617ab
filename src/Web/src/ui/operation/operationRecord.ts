import { isFinal, ProblemError, watch, type Status } from '../../client/index.js';
import type { Call } from '../api/call.js';
import { getDeliveries, getHistory, getStatus, uriOf } from '../api/operations.js';
import { send } from '../api/request.js';
import { session } from '../api/session.js';
import type { Delivery, HistoryEvent, OperationName } from '../api/shapes.js';
import { serverNow } from '../live/clock.js';
import { feed } from '../live/feed.js';
import { Refresher } from './refresher.js';

/** While it runs, the history is read again so often. */
const historyGap = 2_000;
/** But not more often than so, however often its state changes. */
const leastGap = 400;
/** Retry-After goes no further, in seconds. */
const longestTold = 30;
/** What a message to a web hook takes. */
const deliveryTime = 1_200;

/** All that is known of one operation, kept up to date: its Status by the one watch, the rest read again when that says that it has changed. */
export class OperationRecord {
  status: Status | undefined;
  /** Why it cannot be watched. */
  error: unknown;
  history: readonly HistoryEvent[] | undefined;
  historyError: unknown;
  deliveries: readonly Delivery[] = [];
  /** What only an answer to a poll tells: how many are ahead, and when the next attempt begins. */
  queuePosition: number | undefined;
  nextAttemptAt: string | undefined;
  /** It begins later than a server tells. */
  waitsLong = false;

  readonly #name: OperationName;
  readonly #changed: () => void;
  readonly #end = new AbortController();
  readonly #history = new Refresher(signal => this.#loadHistory(signal), leastGap);
  readonly #deliveries = new Refresher(signal => this.#loadDeliveries(signal), deliveryTime);
  readonly #waiting = new Refresher(signal => this.#loadWaiting(signal), historyGap);
  readonly #unlisten: () => void;

  constructor(name: OperationName, changed: () => void) {
    this.#name = name;
    this.#changed = changed;
    this.#unlisten = feed.store.listen(changes => {
      const { uri, version } = this.status ?? { uri: undefined, version: 0 };
      for (const { before, after } of changes) {
        if (after?.uri === uri && after && after.version > version && this.status && isFinal(this.status)) {
          this.take(after);
        } else if (!after && before?.uri === uri) {
          void this.#check();
        }
      }
    });
    watch(uriOf(name), {
      signal: this.#end.signal,
      onStatus: status => this.take(status),
      onError: (error, retrying) => retrying || this.#fail(error),
    });
    this.#history.within(0);
    this.#deliveries.within(0);
  }

  stop(): void {
    this.#end.abort();
    this.#unlisten();
    [this.#history, this.#deliveries, this.#waiting].forEach(refresher => refresher.stop());
  }

  /** The answer to a request may come after the watch has told of what followed: an older snapshot changes nothing. */
  take(status: Status): void {
    const before = this.status;
    if (before && status.version < before.version) {
      return;
    }

    this.status = status;
    const turned = before?.state !== status.state || before.attempt !== status.attempt;
    // The first time too: what was read before may have been read too early.
    this.#history.within(turned || isFinal(status) ? 0 : historyGap);

    if (turned) {
      this.nextAttemptAt = undefined;
      this.waitsLong = false;
      this.queuePosition = status.queuePosition;
    }

    if (isWaiting(status)) {
      this.#waiting.within(turned ? 0 : historyGap);
    } else if (isFinal(status) && turned) {
      this.#deliveries.within(0);
    }

    this.#changed();
  }

  /** Somebody sent a message again. */
  redelivered(): void {
    this.#deliveries.within(deliveryTime / 2);
  }

  async #loadHistory(signal: AbortSignal): Promise<void> {
    try {
      this.history = await send(getHistory(this.#name), { signal });
      this.historyError = undefined;
    } catch (error) {
      this.historyError = error;
    }

    this.#tell();
  }

  async #loadDeliveries(signal: AbortSignal): Promise<void> {
    try {
      ({ deliveries: this.deliveries } = await send(getDeliveries(this.#name), { signal }));
      const next = this.deliveries.filter(({ state }) => state === 'pending').map(({ nextAttemptAt }) => (nextAttemptAt ? Date.parse(nextAttemptAt) - serverNow() : 0));
      if (next.length > 0) {
        this.#deliveries.within(Math.min(60_000, Math.max(0, Math.min(...next)) + deliveryTime));
      } else if (this.status && isFinal(this.status) && Date.parse(this.status.endedAt!) > serverNow() - 2 * deliveryTime) {
        this.#deliveries.within(deliveryTime);
      }
    } catch {
      // The page is of use without them; whoever may not read them sees none.
    }

    this.#tell();
  }

  async #loadWaiting(signal: AbortSignal): Promise<void> {
    const read: Call<Response> = { ...getStatus(this.#name), read: async response => response };
    try {
      const response = await send(read, { signal });
      const status = await response.json() as Status;
      this.queuePosition = status.queuePosition;
      const seconds = Number(response.headers.get('retry-after') ?? 0);
      this.nextAttemptAt = status.state === 'retrying' && seconds < longestTold ? new Date(serverNow() + 1_000 * seconds).toISOString() : undefined;
      this.waitsLong = status.state === 'retrying' && seconds >= longestTold;
    } catch {
      // It is told again with the next try.
    }

    if (this.status && isWaiting(this.status)) {
      this.#waiting.within(this.status.state === 'queued' ? 2 * historyGap : 10_000);
    }

    this.#tell();
  }

  /** The feed has lost sight of it: that may be the end of it, or that of the feed's memory. */
  async #check(): Promise<void> {
    try {
      this.take(await send(getStatus(this.#name), { signal: this.#end.signal }));
    } catch (error) {
      if (error instanceof ProblemError && (error.status === 404 || error.status === 410)) {
        this.#fail(error);
      }
    }
  }

  #fail(error: unknown): void {
    this.error = error;
    this.#history.stop();
    this.#deliveries.stop();
    if (error instanceof ProblemError && error.status === 401) {
      void session.load().catch(() => undefined);
    }

    this.#changed();
  }

  #tell(): void {
    if (!this.#end.signal.aborted) {
      this.#changed();
    }
  }
}

const isWaiting = ({ state }: Status): boolean => state === 'queued' || state === 'retrying';
