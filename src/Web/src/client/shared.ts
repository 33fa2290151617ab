import type { Watcher } from './ladder.js';
import { Leader } from './leader.js';
import { ProblemError, type Problem } from './problem.js';
import { isFinal, type Status } from './status.js';
import { delay, LinkedController } from './time.js';
import type { TransportName } from './transport.js';

/** Watches over a connection of this tab's own. */
export type OwnWatch = (watcher: Watcher, signal: AbortSignal, url?: URL) => Promise<void>;

/** What tabs say to each other. */
export type Message =
  | { kind: 'leading' }
  | { kind: 'want'; uri: string }
  | { kind: 'have'; uri: string; transport: TransportName | undefined; status: Status | undefined }
  | { kind: 'failed'; uri: string; problem: Problem };

/** The name of the channel and of the lock. The number changes with the messages, so that tabs of different releases leave each other alone. */
const meeting = 'realtimeops.1';
/** A follower renews its wish: so it notices a leader gone silent, and the leader what nobody wants any more. */
const renewal = 15_000;
const answerLimit = 3_000;

/**
 * Watches through the tab that holds the origin's lock, be it this one. When that tab goes, the lock goes to another, which begins with
 * the newest snapshot: nothing is missed, and what a tab has already seen its watch drops.
 */
export async function watchShared(url: URL, own: OwnWatch, watcher: Watcher, signal: AbortSignal): Promise<void> {
  const end = new LinkedController(signal);
  const resign = standForLead(own);
  try {
    await new Follower(url.href, own, watcher, end.signal).run();
  } finally {
    end.abort();
    resign();
  }
}

let candidates = 0;
let candidacy = new AbortController();

/** This tab leads, or waits to, for as long as any of its watches needs it. */
function standForLead(own: OwnWatch): () => void {
  if (candidates++ === 0) {
    candidacy = new AbortController();
    const { signal } = candidacy;
    // Where the lock is denied nobody leads, and each watch opens its own connection.
    navigator.locks.request(meeting, { signal }, () => new Leader(new BroadcastChannel(meeting), own).lead(signal)).catch(() => undefined);
  }

  return () => {
    if (--candidates === 0) {
      candidacy.abort();
    }
  };
}

/** One watch of a tab. That of the leading tab follows in the same way: a message reaches the other channel objects of its own page too. */
class Follower {
  readonly #uri: string;
  readonly #own: OwnWatch;
  readonly #watcher: Watcher;
  readonly #signal: AbortSignal;
  readonly #channel = new BroadcastChannel(meeting);
  #heard: () => void = () => undefined;
  #substitute: AbortController | undefined;

  constructor(uri: string, own: OwnWatch, watcher: Watcher, signal: AbortSignal) {
    this.#uri = uri;
    this.#own = own;
    this.#watcher = watcher;
    this.#signal = signal;
  }

  run(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data, resolve, reject);
      this.#keepAsking(resolve, reject).catch(reject);
    }).finally(() => this.#channel.close());
  }

  #hear(message: Message, resolve: () => void, reject: (error: unknown) => void): void {
    if (message.kind === 'leading') {
      this.#ask();
    } else if (message.kind === 'want' || message.uri !== this.#uri) {
      return;
    } else if (message.kind === 'failed') {
      reject(new ProblemError(message.problem));
    } else {
      this.#heard();
      this.#substitute?.abort();
      this.#watcher.use(message.transport);
      if (message.status) {
        this.#watcher.deliver(message.status);
        if (isFinal(message.status)) {
          resolve();
        }
      }
    }
  }

  #ask(): void {
    this.#channel.postMessage({ kind: 'want', uri: this.#uri } satisfies Message);
  }

  /** A tab may hold the lock and be frozen: then this one watches over its own connection until the leader is heard again. */
  async #keepAsking(resolve: () => void, reject: (error: unknown) => void): Promise<void> {
    for (;;) {
      const answer = new Promise<boolean>(settle => {
        this.#heard = () => settle(true);
      });
      this.#ask();
      const silent = !await Promise.race([answer, delay(answerLimit, this.#signal).then(() => false)]);
      if (silent && (this.#substitute?.signal.aborted ?? true)) {
        const substitute = this.#substitute = new LinkedController(this.#signal);
        this.#own(this.#watcher, substitute.signal).then(resolve, (error: unknown) => substitute.signal.aborted || reject(error));
      }

      await delay(renewal, this.#signal);
    }
  }
}
