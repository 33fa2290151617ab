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
  /** It is submitted by requests to this path of a service behind the gateway, not by its name. */
  route?: string;
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

export interface PageQuery {
  pageSize?: number;
  pageToken?: string;
}

export type DeliveryState = 'pending' | 'delivered' | 'dead' | 'refused';

export interface DeliveryAttempt {
  at: string;
  status?: number;
  durationMs: number;
  error?: string;
  answer?: string;
}

export interface DeliveryFilter {
  state?: DeliveryState | '';
  operation?: string;
  subscription?: string;
}

export interface Delivery {
  id: string;
  uri: string;
  /** A test message has none. */
  operation?: string;
  subscription?: string;
  webhook: string;
  state: DeliveryState;
  createdAt: string;
  attempts: DeliveryAttempt[];
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

/** Null takes a filter out. */
export type SubscriptionChange = { [Member in keyof SubscriptionFilter]: SubscriptionFilter[Member] | null } & { events?: SubscriptionEvents };
export type SubscriptionEvents = 'completed' | 'changes';

export interface NewSubscription extends SubscriptionFilter {
  webhook: string;
  events?: SubscriptionEvents;
}

export interface Subscription extends NewSubscription {
  uri: string;
  id: string;
  state: 'active' | 'paused' | 'disabled';
  disabledReason?: string;
  /** While every try fails. */
  failingSince?: string;
  createdAt: string;
  /** In the answers that make or change it, only. */
  secret?: string;
}

export interface SubscriptionPage {
  subscriptions: Subscription[];
  nextPageToken?: string;
}

export interface MailboxPage {
  mailboxes: { name: string; uri: string; pending: number }[];
  nextPageToken?: string;
}

export interface MailboxMessage {
  id: string;
  receivedAt: string;
  headers: Record<string, string>;
  body: string;
}

export interface Mailbox {
  messages: MailboxMessage[];
  /** All that are not acknowledged. */
  pending: number;
}

export interface Session {
  name: string;
  scopes: string[];
  expiresAt?: string;
}
