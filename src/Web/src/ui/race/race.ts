import { newOperationId, submit, type Status } from '../../client/index.js';
import { cancelOperation } from '../api/operations.js';
import { send } from '../api/request.js';
import { lanes } from './lanes.js';
import { RaceRecord, ways, type Way } from './raceRecord.js';
import { Traffic } from './traffic.js';

export interface Distance {
  steps: number;
  stepMs: number;
}

/** One operation, and all five ways to wait for it at once. */
export class Race {
  readonly record = new RaceRecord();
  readonly traffic = new Map<Way, Traffic>(ways.map(way => [way, new Traffic()]));
  /** Why a way gave up. */
  readonly failures = new Map<Way, unknown>();
  readonly distance: Distance;
  status: Status | undefined;
  /** By this page's clock. */
  startedAt: number;
  over = false;
  readonly #stop = new AbortController();
  readonly #origin = Date.now() - performance.now();

  constructor(distance: Distance) {
    this.distance = distance;
    this.startedAt = this.now();
  }

  /** Whether it is waited for no longer. */
  get left(): boolean {
    return this.#stop.signal.aborted;
  }

  /** In milliseconds since the epoch; nobody sets it while the race runs. */
  now(): number {
    return this.#origin + performance.now();
  }

  /** Rejects when the operation cannot be started; resolves when every way has learnt of the end, or given up. */
  async run(changed: () => void): Promise<void> {
    const id = `race-${newOperationId()}`;
    const { signal } = this.#stop;
    const askedAt = this.now();
    const status = this.status = await submit('/', 'demo.steps', { ...this.distance, message: 'The race is over.' }, { id, webhook: `mailbox:${id}`, signal });
    this.record.begin(status, askedAt);
    this.startedAt = this.now();
    changed();
    await Promise.all(ways.map(async way => {
      const traffic = this.traffic.get(way)!;
      try {
        await lanes[way]({ uri: status.uri, mailbox: id, signal }, traffic, snapshot => {
          this.record.learn(way, snapshot, this.now());
          this.status = snapshot.version > this.status!.version ? snapshot : this.status;
        });
      } catch (error) {
        if (!signal.aborted) {
          this.failures.set(way, error);
        }
      }
    }));
    this.over = true;
    changed();
  }

  /** Cancels the operation, so that all learn of the end; those who do not are not waited for when it is asked again. */
  async stop(): Promise<void> {
    if (this.status && !this.record.ended) {
      await send(cancelOperation(this.status));
    } else {
      this.leave();
    }
  }

  leave(): void {
    this.#stop.abort();
  }
}
