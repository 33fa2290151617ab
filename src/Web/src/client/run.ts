import type { Rung } from './rung.js';
import type { Status } from './status.js';
import { LinkedController } from './time.js';
import { TransportFailure, type Attempt, type Target } from './transport.js';

/** A transport at work. */
export class Run<Known = number, Item = Status> implements Attempt<Known, Item> {
  readonly rung: Rung<Known, Item>;
  readonly target: Target;
  readonly known: Known | undefined;
  readonly signal: AbortSignal;
  readonly startedAt = Date.now();
  proven = false;
  /** What ended it. Never rejects. */
  readonly ended: Promise<unknown>;
  /** Whether it works. */
  readonly proof: Promise<boolean>;
  readonly #controller: AbortController;
  readonly #onDeliver: (run: Run<Known, Item>, item: Item) => void;
  #prove: () => void = () => undefined;

  constructor(rung: Rung<Known, Item>, target: Target, known: Known | undefined, limit: number, parent: AbortSignal, onDeliver: (run: Run<Known, Item>, item: Item) => void) {
    this.rung = rung;
    this.target = target;
    this.known = known;
    this.#onDeliver = onDeliver;
    this.#controller = new LinkedController(parent);
    this.signal = this.#controller.signal;
    const timer = setTimeout(() => this.stop(new TransportFailure('refused', `Nothing came over ${rung.transport.name}.`)), limit);
    const proven = new Promise<boolean>(resolve => {
      this.#prove = () => {
        clearTimeout(timer);
        this.proven = true;
        resolve(true);
      };
    });
    const closed = () => new TransportFailure('unreachable', 'The server closed the connection.');
    this.ended = rung.transport.run(this).then(closed, (error: unknown) => error).finally(() => {
      clearTimeout(timer);
      this.stop();
    });
    this.proof = Promise.race([proven, this.ended.then(() => false)]);
  }

  deliver(item: Item): void {
    if (!this.signal.aborted) {
      this.#prove();
      this.#onDeliver(this, item);
    }
  }

  alive(): void {
    this.#prove();
  }

  stop(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
