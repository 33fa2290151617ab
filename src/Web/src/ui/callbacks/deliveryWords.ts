import type { Delivery, DeliveryAttempt } from '../api/shapes.js';
import { duration } from '../components/format.js';

const errors: Record<string, string> = {
  dns: 'the name could not be resolved',
  connectionRefused: 'the connection was refused',
  unreachable: 'the network could not reach it',
  connectionLost: 'the connection broke off',
  tls: 'the certificate was not good',
  timedOut: 'no answer in time',
  protocol: 'the answer was not HTTP',
  redirect: 'redirects are not followed',
  gone: 'wants no more',
  status: 'not taken',
  targetRefused: 'the server may not call this target',
  notFetched: 'nobody fetched it from the mailbox',
};

/** How a try went, in a line. */
export function attemptWords({ status, durationMs, error }: DeliveryAttempt): string {
  return [status === undefined ? '' : `HTTP ${status}`, error ? errors[error] ?? error : status === undefined ? 'taken' : '', duration(durationMs)].filter(Boolean).join(' · ');
}

/** The last try of a message, in a line. */
export function lastAttempt({ attempts, webhook, state }: Pick<Delivery, 'attempts' | 'webhook' | 'state'>): string {
  const last = attempts.at(-1);
  if (last) {
    return attemptWords(last);
  }

  return webhook.startsWith('mailbox:') ? (state === 'pending' ? 'waits in its mailbox' : 'fetched and acknowledged') : 'not tried yet';
}

/** What an operation is called in a list: its id. */
export function operationName(uri: string): { type: string; id: string } | undefined {
  const [, type, id] = /\/operations\/([^/]+)\/([^/?]+)$/.exec(uri) ?? [];
  return type !== undefined && id !== undefined ? { type: decodeURIComponent(type), id: decodeURIComponent(id) } : undefined;
}
