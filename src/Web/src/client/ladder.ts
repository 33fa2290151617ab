import { ProblemError } from './problem.js';
import { Run } from './run.js';
import { Rung } from './rung.js';
import { isFinal, type Status } from './status.js';
import { delay, fullJitter, LinkedController } from './time.js';
import { TransportFailure, type Target, type Transport, type TransportName } from './transport.js';

/** Whom the snapshots are for. */
export interface Watcher {
  /** The newest version that it has. */
  readonly version: number | undefined;
  /** May be told of versions that it has, or of older ones. */
  deliver(status: Status): void;
  /** The transport that works now; none while there is no connection. */
  use(transport: TransportName | undefined): void;
  /** What went wrong and is being mended. */
  trouble(error: unknown): void;
}

/** A transport shows within that time that it works, else the next is tried: so the next can show a snapshot within 3 s. */
const proofLimit = 2_500;
/** There is nothing below the last one: a slow network is given its time. */
const lastProofLimit = 30_000;
/** A connection that held for so long was a good one, and its loss is the first of a new row. */
const steady = 10_000;

/**
 * Watches over the best transport that works: steps down to the next when one does not, and climbs back in the background. The
 * steps leave no gap, since a new transport begins with the newest snapshot and an old one goes only when the new one has shown it.
 */
export class Ladder {
  readonly #rungs: Rung[];
  readonly #target: Target;
  readonly #watcher: Watcher;
  readonly #signal: AbortSignal;
  readonly #finish: AbortController;
  #current: Run | undefined;
  #ended = false;

  constructor(transports: Transport[], target: Target, watcher: Watcher, signal: AbortSignal) {
    this.#rungs = transports.map((transport, index) => new Rung(transport, index));
    this.#target = target;
    this.#watcher = watcher;
    this.#finish = new LinkedController(signal);
    this.#signal = this.#finish.signal;
  }

  /** Resolves when the final Status has been delivered; rejects when the operation cannot be watched, or on an abort. */
  async run(): Promise<void> {
    try {
      await this.#hold();
    } catch (error) {
      if (!this.#ended) {
        throw error;
      }
    } finally {
      this.#finish.abort();
    }
  }

  async #hold(): Promise<void> {
    let failures = 0;
    let run = this.#current = this.#start(this.#rungs[0]!);
    for (;;) {
      void this.#accompany(run);
      const error = await run.ended;
      this.#signal.throwIfAborted();
      if (run !== this.#current) {
        run = this.#current;
        continue;
      }

      this.#watcher.use(undefined);
      if (run.proven && Date.now() - run.startedAt >= steady) {
        failures = 0;
      }

      const next = this.#next(run, error);
      this.#watcher.trouble(error);
      const asked = error instanceof TransportFailure ? error.retryAfter ?? 0 : 0;
      await delay(next === run.rung ? asked + fullJitter(failures++) : asked, this.#signal);
      run = this.#current = this.#start(next);
    }
  }

  /** The rung to go on with: the same one while the server is out of reach but the rung has worked, the one below when not. */
  #next(run: Run, error: unknown): Rung {
    if (error instanceof ProblemError) {
      throw error;
    }

    const { rung } = run;
    const below = this.#rungs[rung.index + 1];
    const refused = error instanceof TransportFailure && error.kind === 'refused';
    if (!below) {
      if (refused && error.cause instanceof ProblemError) {
        throw error.cause;
      }

      return rung;
    }

    if (run.proven && !refused) {
      return rung;
    }

    if (refused) {
      rung.rest();
    } else {
      rung.restBriefly();
    }

    return below;
  }

  #start(rung: Rung): Run {
    const limit = rung.index + 1 < this.#rungs.length ? proofLimit : lastProofLimit;
    return new Run(rung, this.#target, this.#watcher.version, limit, this.#signal, this.#deliver);
  }

  readonly #deliver = (run: Run, status: Status): void => {
    if (run === this.#current) {
      this.#watcher.use(run.rung.transport.name);
    }

    this.#watcher.deliver(status);
    if (isFinal(status)) {
      this.#ended = true;
      this.#finish.abort();
    }
  };

  /** While a transport works, tries the better ones in the background. */
  async #accompany(run: Run): Promise<void> {
    if (!await run.proof || run !== this.#current || run.signal.aborted) {
      return;
    }

    run.rung.failures = 0;
    this.#watcher.use(run.rung.transport.name);
    const better = this.#rungs.slice(0, run.rung.index);
    while (better.length > 0 && !run.signal.aborted) {
      const rung = better.find(({ retryAt }) => retryAt <= Date.now()) ?? better.reduce((soonest, other) => (other.retryAt < soonest.retryAt ? other : soonest));
      try {
        await delay(Math.max(0, rung.retryAt - Date.now()), run.signal);
      } catch {
        return;
      }

      // It has to show the newest snapshot, known or not, before the working one is given up for it.
      const probe = new Run(rung, this.#target, undefined, proofLimit, this.#signal, this.#deliver);
      if (await probe.proof && run === this.#current && !run.signal.aborted) {
        this.#current = probe;
        run.stop();
        return;
      }

      // Whatever the reason: the server is within reach, as the working transport shows.
      probe.stop();
      rung.rest();
    }
  }
}
