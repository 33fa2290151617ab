import type { Problem } from './problem.js';

export type OperationState = 'queued' | 'running' | 'retrying' | 'canceling' | 'succeeded' | 'failed' | 'canceled';

/** A snapshot of an operation. A newer one replaces all older ones. A member without a value is absent. */
export interface Status {
  /** The absolute status URI. */
  uri: string;
  /** 0..100, and 100 exactly when the operation has ended, in success or not. */
  progress: number;
  /** Once ended: 0 for success, anything else is an error code. */
  status?: number;
  /** Once ended: text for a person. */
  message?: string;
  state: OperationState;
  type: string;
  id: string;
  /** Grows with each change, across attempts, restarts and nodes. */
  version: number;
  /** What it is doing now, text for a person; only before the end. */
  activity?: string;
  /** 0 while first queued, then 1, 2, … */
  attempt: number;
  createdAt: string;
  startedAt?: string;
  updatedAt: string;
  endedAt?: string;
  expiresAt?: string;
  /** When the pace so far allows a guess. */
  estimatedEndAt?: string;
  /** While queued: about how many are ahead. */
  queuePosition?: number;
  /** URI of the outcome, when there is one. */
  result?: string;
  /** Why it did not succeed. */
  error?: Problem;
  resubmissionOf?: string;
  resubmittedAs?: string;
  tags?: Record<string, string>;
}

/** Whether the operation has ended. */
export function isFinal(status: Status): boolean {
  return status.progress === 100;
}
