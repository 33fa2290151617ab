import { ProblemError } from './problem.js';
import { Run } from './run.js';
import { Rung } from './rung.js';
import { isFinal, type Status } from './status.js';
import { delay, fullJitter, LinkedController } from './time.js';
import { TransportFailure, type Target, type Transport, type TransportName } from './transport.js';

/** Whom it is for what a transport brings. */
export interface Watcher<Known = number, Item = Status> {
  /** The newest version that it has, or the position that it has reached. */
  readonly version: Known | undefined;
  /** May be told of versions that it has, or of older ones. */
  deliver(item: Item): void;
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

/** How the things to watch differ. */
export interface Course<Item> {
  /** Whether nothing can follow. */
  isLast(item: Item): boolean;
  /**
   * A better transport that works goes on from the watcher's position, when the old one has stopped: what changes one by one must come
   * from one side only. Otherwise it begins with the newest, which replaces all that came before, and nobody waits in between.
   */
  readonly resumes: boolean;
}

export const snapshots: Course<Status> = { isLast: isFinal, resumes: false };

/**
 * Watches over the best transport that works: steps down to the next when one does not, and climbs back in the background. The
 * steps leave no gap, since a new transport begins with the newest snapshot, or where the old one has stopped.
 */
export class Ladder<Known = number, Item = Status> {
  readonly #rungs: Rung<Known, Item>[];
  readonly #target: Target;
  readonly #watcher: Watcher<Known, Item>;
  readonly #course: Course<Item>;
  readonly #signal: AbortSignal;
  readonly #finish: AbortController;
  #current: Run<Known, Item> | undefined;
  #ended = false;

  constructor(transports: Transport<Known, Item>[], target: Target, watcher: Watcher<Known, Item>, signal: AbortSignal, course: Course<Item>) {
    this.#rungs = transports.map((transport, index) => new Rung(transport, index));
    this.#target = target;
    this.#watcher = watcher;
    this.#course = course;
    this.#finish = new LinkedController(signal);
    this.#signal = this.#finish.signal;
  }

  /** Resolves when the last has been delivered; rejects when there is nothing to watch, or on an abort. */
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
  #next(run: Run<Known, Item>, error: unknown): Rung<Known, Item> {
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

  #start(rung: Rung<Known, Item>): Run<Known, Item> {
    const limit = rung.index + 1 < this.#rungs.length ? proofLimit : lastProofLimit;
    return new Run(rung, this.#target, this.#watcher.version, limit, this.#signal, this.#deliver);
  }

  readonly #deliver = (run: Run<Known, Item>, item: Item): void => {
    if (run === this.#current) {
      this.#watcher.use(run.rung.transport.name);
    } else if (this.#course.resumes) {
      return;
    }

    this.#watcher.deliver(item);
    if (this.#course.isLast(item)) {
      this.#ended = true;
      this.#finish.abort();
    }
  };

  /** While a transport works, tries the better ones in the background. */
  async #accompany(run: Run<Known, Item>): Promise<void> {
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

      // It has to show something, the newest in any case or that it is at the position, before the working one is given up for it.
      const known = this.#course.resumes ? this.#watcher.version : undefined;
      const probe = new Run(rung, this.#target, known, proofLimit, this.#signal, this.#deliver);
      if (await probe.proof && run === this.#current && !run.signal.aborted) {
        run.stop();
        if (this.#course.resumes) {
          probe.stop();
        }

        this.#current = this.#course.resumes ? this.#start(rung) : probe;
        return;
      }

      // Whatever the reason: the server is within reach, as the working transport shows.
      probe.stop();
      rung.rest();
    }
  }
}
