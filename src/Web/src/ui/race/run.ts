import { newOperationId, submit, watch, type Status } from '../../client/index.js';
import { Meter } from './meter.js';
import { receive } from './mailbox.js';
import { Tracks, ways, type Way } from './tracks.js';

export interface Course {
  label: string;
  steps: number;
  stepMs: number;
}

/** Whoever has not learnt the end so long after it will not. */
const patience = 60_000;

/**
 * One operation, waited for in all five ways. Of the six connections that a browser opens to a server with HTTP/1.1, three are held: by the
 * event stream, the long poll and the mailbox. Where no WebSocket gets through, SignalR's substitute and the page's own feed hold two more.
 * So one is always left for what is answered at once.
 */
export class Race {
  readonly meters: Readonly<Record<Way, Meter>> = { poll: new Meter(), longpoll: new Meter(), sse: new Meter(), signalr: new Meter(), callback: new Meter() };
  readonly failures = new Map<Way, unknown>();
  readonly course: Course;
  /** By this page's clock. */
  readonly startedAt: number;
  readonly status: Status;
  readonly tracks: Tracks;
  /** Which have nothing more to learn. */
  readonly over = new Set<Way>();
  readonly finished: Promise<void>;
  readonly #stop = new AbortController();
  readonly #unobserve: () => void;

  static async start(course: Course): Promise<Race> {
    const id = `race-${newOperationId()}`;
    const { steps, stepMs } = course;
    return new Race(course, await submit('/', 'demo.steps', { steps, stepMs }, { id, webhook: `mailbox:${id}`, tries: 2 }));
  }

  private constructor(course: Course, status: Status) {
    this.course = course;
    this.status = status;
    this.startedAt = performance.now();
    this.tracks = new Tracks(status.version);
    this.#unobserve = this.meters.signalr.observeHub();
    this.finished = this.#run();
  }

  get running(): boolean {
    return this.over.size < ways.length;
  }

  /** Nobody looks any more. The mailbox is waited for all the same, and cleared. */
  stop(): void {
    this.#stop.abort();
    this.#unobserve();
  }

  async #run(): Promise<void> {
    await Promise.all(ways.map(way => (way === 'callback' ? this.#receive() : this.#watch(way)).catch((error: unknown) => {
      this.failures.set(way, error);
    }).finally(() => this.over.add(way))));
  }

  async #watch(way: Exclude<Way, 'callback'>): Promise<void> {
    const meter = this.meters[way];
    const { finished } = watch(this.status.uri, {
      transport: way,
      fromVersion: this.status.version,
      fetch: meter.fetch,
      signal: this.#stop.signal,
      onTransport: transport => {
        if (transport === 'signalr') {
          meter.hubConnected();
        }
      },
      onStatus: status => {
        this.#learn(way, status);
        if (way === 'signalr') {
          meter.hubItem(status);
        }
      },
    });
    await finished;
  }

  async #receive(): Promise<void> {
    const { steps, stepMs } = this.course;
    const limit = AbortSignal.timeout(steps * stepMs + patience);
    await receive(this.status.id, this.meters.callback.fetch, limit, status => this.#learn('callback', status));
  }

  #learn(way: Way, status: Status): void {
    const before = this.tracks.endedAt;
    this.tracks.learn(way, status, performance.now());
    if (before === undefined && this.tracks.endedAt !== undefined) {
      setTimeout(() => this.#stop.abort(new Error('It has not learnt the end.')), patience);
    }
  }
}
