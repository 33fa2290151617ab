import { duration } from '../components/format.js';
import type { Way } from './tracks.js';

export interface Figures {
  requests: number;
  median: number | undefined;
  end: number | undefined;
}

/** What the race has shown, in words. */
export function summary(took: number, changes: number, figures: Readonly<Record<Way, Figures>>): string {
  const { poll, longpoll, sse, signalr, callback } = figures;
  return [
    `The operation took ${duration(took)} and changed ${changes} times.`,
    sse.median === undefined ? '' : `Server-sent events, over one connection, were ${duration(sse.median)} behind it in the median.`,
    signalr.median === undefined ? '' : `SignalR, likewise, was ${duration(signalr.median)} behind.`,
    longpoll.median === undefined ? '' : `Long polling was ${duration(longpoll.median)} behind, with ${requests(longpoll)}.`,
    poll.median === undefined ? '' : `Polling, as often as the server suggests, took ${requests(poll)}, was ${duration(poll.median)} behind and learnt the end ${duration(poll.end ?? 0)} late.`,
    callback.end === undefined ? '' : `The callback told only the end, ${duration(callback.end)} after it.`,
  ].filter(Boolean).join(' ');
}

const requests = ({ requests: number }: Figures): string => `${number} ${number === 1 ? 'request' : 'requests'}`;
