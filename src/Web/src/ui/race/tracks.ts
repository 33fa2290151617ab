import { isFinal, type Status } from '../../client/index.js';
import { median } from '../live/pace.js';

/** The five ways to wait. */
export const ways = ['poll', 'longpoll', 'sse', 'signalr', 'callback'] as const;
export type Way = typeof ways[number];

/** Something learnt: when, and when the oldest thing in it that was news had happened. In milliseconds of this page's clock. */
export interface Mark {
  at: number;
  since: number;
  final: boolean;
}

type Snapshot = Pick<Status, 'version' | 'updatedAt' | 'progress'>;

/**
 * What each way has learnt, and how late. The server stamps each change, but its clock is not this page's: the two are laid so that the
 * quickest message of the whole race was not late at all. So every lateness is too small by that message's, which is the same for all.
 */
export class Tracks {
  /** When each version came to be, by the server's clock. */
  readonly #changes = new Map<number, number>();
  readonly #learnt: Record<Way, { version: number; at: number }[]> = { poll: [], longpoll: [], sse: [], signalr: [], callback: [] };
  readonly #first: number;
  #offset = Infinity;
  #final: number | undefined;

  /** @param first The version that all of them know from the start. */
  constructor(first: number) {
    this.#first = first;
  }

  learn(way: Way, status: Snapshot, at: number): void {
    const { version } = status;
    const changedAt = Date.parse(status.updatedAt);
    if (version > (this.#learnt[way].at(-1)?.version ?? this.#first)) {
      this.#changes.set(version, changedAt);
      this.#learnt[way].push({ version, at });
      this.#offset = Math.min(this.#offset, at - changedAt);
      this.#final = isFinal(status as Status) ? version : this.#final;
    }
  }

  /** When the changes happened that anybody has learnt of, by this page's clock; oldest first. */
  get changes(): number[] {
    return this.#versions().map(version => this.#when(version));
  }

  /** When the operation ended. */
  get endedAt(): number | undefined {
    return this.#final === undefined ? undefined : this.#when(this.#final);
  }

  marks(way: Way): Mark[] {
    let known = this.#first;
    return this.#learnt[way].map(({ version, at }) => {
      const news = this.#news(way, known, version);
      known = version;
      return { at, since: Math.min(at, ...news.map(one => this.#when(one))), final: version === this.#final };
    });
  }

  /** How late each change was learnt: one that was passed over, with the next. */
  lateness(way: Way): number[] {
    let known = this.#first;
    return this.#learnt[way].flatMap(({ version, at }) => {
      const news = this.#news(way, known, version);
      known = version;
      return news.map(one => Math.max(0, at - this.#when(one)));
    });
  }

  medianLateness(way: Way): number | undefined {
    return median(this.lateness(way));
  }

  /** How late the end was learnt. */
  endLateness(way: Way): number | undefined {
    const end = this.#learnt[way].find(({ version }) => version === this.#final);
    return end && Math.max(0, end.at - this.#when(end.version));
  }

  /** A callback is for the end only: it is not late with the rest. */
  #news(way: Way, known: number, version: number): number[] {
    return way === 'callback' ? [version] : this.#versions().filter(one => one > known && one <= version);
  }

  #versions(): number[] {
    return [...this.#changes.keys()].sort((a, b) => a - b);
  }

  #when(version: number): number {
    return this.#changes.get(version)! + this.#offset;
  }
}
