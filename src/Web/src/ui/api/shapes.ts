import type { OperationState, Status } from '../../client/index.js';

/** What names an operation. A Status does. */
export interface OperationName {
  type: string;
  id: string;
}

export interface OperationPage {
  operations: Status[];
  nextPageToken?: string;
}

export interface OperationType {
  name: string;
  description?: string;
  mediaTypes: string[];
  inputSchema?: unknown;
  timeout?: string;
  retries?: number;
  queue?: string;
}

export interface HistoryEvent {
  at: string;
  event: 'accepted' | 'started' | 'activity' | 'attemptFailed' | 'cancelRequested' | 'ended' | 'delivery' | 'contact' | 'resubmitted' | 'expiryMoved';
  attempt?: number;
  [member: string]: unknown;
}

export interface Delivery {
  id: string;
  uri: string;
  operation: string;
  webhook: string;
  state: 'pending' | 'delivered' | 'dead' | 'refused';
  attempts: { at: string; status?: number; durationMs: number; error?: string; answer?: string }[];
  nextAttemptAt?: string;
}

export interface DeliveryPage {
  deliveries: Delivery[];
  nextPageToken?: string;
}

export interface SubscriptionFilter {
  types?: string[];
  states?: OperationState[];
  tags?: Record<string, string>;
  expiresAt?: string;
}

export interface NewSubscription extends SubscriptionFilter {
  webhook: string;
  events?: 'completed' | 'changes';
}

export interface Subscription extends NewSubscription {
  uri: string;
  id: string;
  state: 'active' | 'paused' | 'disabled';
  disabledReason?: string;
  createdAt: string;
  /** In the answers that make or change it, only. */
  secret?: string;
}

export interface Mailbox {
  messages: { id: string; receivedAt: string; headers: Record<string, string>; body: string }[];
  pending: number;
}

export interface Session {
  name: string;
  scopes: string[];
  expiresAt?: string;
}
