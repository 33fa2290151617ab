import { count, duration } from '../components/format.js';
import type { Lateness, Way } from './raceRecord.js';

export const wayNames: Record<Way, string> = { poll: 'Poll', longPoll: 'Long poll', eventStream: 'Server-sent events', signalR: 'SignalR', callback: 'Callback' };

export const wayHints: Record<Way, string> = {
  poll: 'asks again when Retry-After says',
  longPoll: 'the answer waits for news',
  eventStream: 'one answer that goes on',
  signalR: 'messages over a WebSocket',
  callback: 'told once, at the end; here by a mailbox',
};

export interface Outcome extends Lateness {
  way: Way;
  requests: number;
  bytes: number;
}

export const requestsOf = (requests: number): string => `${count(requests)} ${requests === 1 ? 'request' : 'requests'}`;

/** What the race has shown, in a few words. */
export function verdict(outcomes: readonly Outcome[]): string {
  const timed = outcomes.filter(({ way, median }) => way !== 'callback' && median !== undefined).sort((a, b) => a.median! - b.median!);
  const [best, slowest] = [timed[0], timed.at(-1)];
  const busiest = [...timed].sort((a, b) => b.requests - a.requests)[0];
  const callback = outcomes.find(({ way }) => way === 'callback');
  const said: string[] = [];
  if (best && slowest && busiest && best !== slowest) {
    said.push(`${wayNames[best.way]} learnt of a step after ${duration(best.median!)} with ${requestsOf(best.requests)}, ${within(slowest.way)} after ${duration(slowest.median!)} with ${count(slowest.requests)}.`);
    if (busiest !== best && busiest !== slowest) {
      said.push(`${wayNames[busiest.way]} took ${requestsOf(busiest.requests)} to learn of it after ${duration(busiest.median!)}.`);
    }
  }

  if (callback?.end !== undefined) {
    said.push(`The callback came ${duration(callback.end)} after the end, and nobody had to ask.`);
  }

  return said.join(' ');
}

const within = (way: Way): string => (way === 'signalR' ? wayNames[way] : wayNames[way].toLowerCase());

/** One way, for those who do not see the drawing. */
export function spoken({ way, steps, messages, median, end }: Outcome): string {
  if (steps === 0) {
    return `${wayNames[way]}: nothing learnt yet.`;
  }

  const learnt = way === 'callback' ? '' : ` ${count(steps)} steps learnt in ${count(messages)} ${messages === 1 ? 'message' : 'messages'}, half of them within ${duration(median!)}.`;
  return `${wayNames[way]}:${learnt}${end === undefined ? '' : ` The end learnt after ${duration(end)}.`}`;
}
