import { isFinal, type Status } from '../../client/index.js';
import { ClockBounds } from './clockBounds.js';

export const ways = ['poll', 'longPoll', 'eventStream', 'signalR', 'callback'] as const;
export type Way = (typeof ways)[number];

/** A step, in milliseconds of this page's clock. */
export interface Step {
  madeAt: number;
  learntAt: number;
}

export interface Lateness {
  /** How many steps it has learnt of, in how many answers or messages. */
  steps: number;
  messages: number;
  /** Half the steps were learnt of faster, half slower. */
  median?: number;
  worst?: number;
  /** How long after the end it learnt of the end. */
  end?: number;
}

/**
 * Who learnt what when. A snapshot replaces all older ones: whoever gets one learns of every step up to it, however many it has missed.
 */
export class RaceRecord {
  readonly clock = new ClockBounds();
  readonly #heard = new Map<Way, { version: number; at: number }[]>(ways.map(way => [way, []]));
  /** When the server made each version, by its own clock; those that somebody has seen. */
  readonly #made = new Map<number, number>();
  #first = 0;
  #end: number | undefined;

  /** The operation as the answer to the submission shows it: what everybody knows from the start. */
  begin(status: Status, askedAt: number): void {
    this.clock.asked(askedAt, Date.parse(status.createdAt));
    this.#first = status.version;
  }

  learn(way: Way, status: Status, at: number): void {
    const made = Date.parse(status.updatedAt);
    this.clock.heard(at, made);
    this.#heard.get(way)!.push({ version: status.version, at });
    if (status.version > this.#first) {
      this.#made.set(status.version, made);
    }

    if (isFinal(status)) {
      this.#end ??= status.version;
    }
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  get endedAt(): number | undefined {
    return this.#end === undefined ? undefined : this.#local(this.#end);
  }

  lastHeardAt(way: Way): number | undefined {
    return this.#heard.get(way)!.at(-1)?.at;
  }

  /** When each step was made that anybody has learnt of. */
  get made(): number[] {
    return this.#versions().map(version => this.#local(version));
  }

  /** A callback tells of the end and of nothing before: what it was not meant to tell, it did not tell late. */
  stepsOf(way: Way): Step[] {
    const heard = this.#heard.get(way)!;
    let next = 0;
    const steps: Step[] = [];
    for (const version of this.#versions().filter(version => way !== 'callback' || version === this.#end)) {
      while (next < heard.length && heard[next]!.version < version) {
        next++;
      }

      if (next < heard.length) {
        steps.push({ madeAt: this.#local(version), learntAt: heard[next]!.at });
      }
    }

    return steps;
  }

  latenessOf(way: Way): Lateness {
    const heard = this.#heard.get(way)!;
    const late = this.stepsOf(way).map(({ madeAt, learntAt }) => Math.max(0, learntAt - madeAt));
    const end = this.#end === undefined ? undefined : heard.find(({ version }) => version >= this.#end!);
    const sorted = [...late].sort((a, b) => a - b);
    return {
      steps: late.length,
      messages: heard.length,
      ...sorted.length > 0 ? { median: sorted[sorted.length >> 1]!, worst: sorted.at(-1)! } : {},
      ...end ? { end: Math.max(0, end.at - this.endedAt!) } : {},
    };
  }

  #versions(): number[] {
    return [...this.#made.keys()].sort((a, b) => a - b);
  }

  #local(version: number): number {
    return this.#made.get(version)! - this.clock.ahead;
  }
}
