import type { OperationState, Status } from './status.js';
import type { Attempt, Transport } from './transport.js';

/** Which operations to follow; all by default. */
export interface FeedFilter {
  type?: string;
  /** One of these. */
  state?: OperationState | OperationState[];
  /** All of these. */
  tags?: Record<string, string>;
}

/** What a feed tells. The position is that after the event; while the feed is only polled there is none. */
export interface FeedEvent {
  position?: string;
  /** The newest snapshot of an operation that has changed. */
  status?: Status;
  /** The status URI of an operation that was deleted or has expired. */
  gone?: string;
  /** The position was too old: what the feed was told before may be out of date, and all that counts comes anew. */
  reset?: true;
  /** All that was missed has come. */
  ready?: true;
}

export type FeedAttempt = Attempt<string, FeedEvent>;
export type FeedTransport = Transport<string, FeedEvent>;
