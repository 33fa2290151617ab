import type { Status } from './status.js';
import { fullJitter } from './time.js';
import type { Transport } from './transport.js';

const firstClimb = 15_000;
const rarestClimb = 300_000;

/** One transport, and when it may be tried again from below. */
export class Rung<Known = number, Item = Status> {
  readonly transport: Transport<Known, Item>;
  readonly index: number;
  failures = 0;
  retryAt = 0;

  constructor(transport: Transport<Known, Item>, index: number) {
    this.transport = transport;
    this.index = index;
  }

  /** A server out of reach says nothing about the transport. */
  restBriefly(): void {
    this.retryAt = Date.now() + fullJitter(0);
  }

  /** It is tried ever more rarely. */
  rest(): void {
    const bound = Math.min(rarestClimb, firstClimb * 2 ** this.failures++);
    this.retryAt = Date.now() + bound / 2 + Math.random() * bound / 2;
  }
}
