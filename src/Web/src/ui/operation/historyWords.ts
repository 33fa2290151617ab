import type { HistoryEvent } from '../api/shapes.js';

export interface Line {
  at: string;
  text: string;
  kind: HistoryEvent['event'];
  attempt?: number;
  href?: string;
}

/** One line of the log for a person. */
export function lineOf({ at, event, attempt, ...more }: HistoryEvent): Line {
  const { message, activity, webhook, status, error, uri, expiresAt, way } = more as Record<string, string | number | undefined>;
  const words: Record<HistoryEvent['event'], string> = {
    accepted: 'Accepted',
    started: `Attempt ${attempt} started`,
    activity: String(activity),
    attemptFailed: attemptFailed(attempt, message as string | undefined),
    cancelRequested: 'Somebody asked to cancel it',
    ended: message ? `Ended: ${message}` : 'Ended',
    delivery: `Web hook to ${hostOf(String(webhook))}: ${status ?? (error ? reasonOf(String(error)) : 'sent')}`,
    contact: `First asked for by ${wayWords[String(way)] ?? way}`,
    resubmitted: 'Submitted again',
    expiryMoved: `Kept until ${new Date(String(expiresAt)).toLocaleString()}`,
  };
  return {
    at, kind: event, text: words[event] ?? event,
    ...attempt === undefined ? {} : { attempt },
    ...event === 'resubmitted' && uri ? { href: pageOf(String(uri)) } : {},
  };
}

/** Some reasons say that much themselves. */
export function attemptFailed(attempt: number | undefined, reason: string | undefined): string {
  const words = `Attempt ${attempt} failed`;
  return reason === undefined ? `${words}.` : reason.startsWith(words) ? reason : `${words}: ${reason}`;
}

export const wayWords: Record<string, string> = {
  poll: 'Poll', longPoll: 'Long poll', eventStream: 'Server-sent events', jsonLines: 'JSON lines', signalR: 'SignalR',
};

/** connectionRefused: connection refused. */
export const reasonOf = (error: string): string => (/^[a-zA-Z]+$/.test(error) ? error.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`) : error);

export function hostOf(uri: string): string {
  try {
    return new URL(uri).host || uri;
  } catch {
    return uri;
  }
}

/** The page of an operation, from its status URI. */
export const pageOf = (uri: string): string => `/ui${new URL(uri).pathname.replace(/^.*(?=\/operations\/)/, '')}`;
