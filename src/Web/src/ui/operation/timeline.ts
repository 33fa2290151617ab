import type { OperationState } from '../../client/index.js';
import type { HistoryEvent } from '../api/shapes.js';
import { duration } from '../components/format.js';

/** In milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/** One attempt: how long it waited to start, and how long it ran. */
export interface Lane {
  attempt: number;
  waits: Span;
  runs?: Span;
  outcome: OperationState;
  /** Why it failed. */
  reason?: string;
  /** When it said what it was doing. */
  activities: number[];
}

export interface Timeline {
  from: number;
  /** The end; as long as there is none, now. */
  to: number;
  lanes: Lane[];
  cancelRequestedAt?: number;
}

/** What the history tells, as spans of time; what is not over lasts until now. */
export function timelineOf(events: readonly HistoryEvent[], state: OperationState, now: number): Timeline {
  const from = events[0] ? Date.parse(events[0].at) : now;
  const timeline: Timeline = { from, to: Math.max(from, now), lanes: [] };
  const open = (at: number): void => void timeline.lanes.push({ attempt: timeline.lanes.length + 1, waits: { from: at, to: timeline.to }, outcome: 'queued', activities: [] });
  let ended = false;
  for (const { at, event, attempt, message } of events) {
    const time = Date.parse(at);
    const lane = timeline.lanes.at(-1);
    if (event === 'accepted') {
      open(time);
    } else if (event === 'started' && lane) {
      lane.attempt = attempt ?? lane.attempt;
      lane.waits.to = time;
      lane.runs = { from: time, to: timeline.to };
      lane.outcome = 'running';
    } else if (event === 'activity') {
      lane?.activities.push(time);
    } else if (event === 'attemptFailed' && lane?.runs) {
      lane.runs.to = time;
      lane.outcome = 'failed';
      lane.reason = message as string;
      open(time);
      timeline.lanes.at(-1)!.attempt = lane.attempt + 1;
    } else if (event === 'cancelRequested') {
      timeline.cancelRequestedAt = time;
    } else if (event === 'ended' && lane) {
      ended = true;
      timeline.to = time;
      (lane.runs ?? lane.waits).to = time;
      lane.outcome = state;
    }
  }

  const last = timeline.lanes.at(-1);
  if (!last) {
    open(from);
  } else if (!last.runs && ended && last.waits.from === last.waits.to && timeline.lanes.length > 1) {
    // The last attempt failed for good: nothing waited after it.
    timeline.lanes.pop();
  } else if (!ended && !last.runs && timeline.lanes.length > 1) {
    last.outcome = 'retrying';
  }

  return timeline;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
];

/** The smallest round step that divides the length into no more than so many parts. */
export function roundStep(length: number, most: number): number {
  const wanted = length / Math.max(1, most);
  return steps.find(step => step >= wanted) ?? Math.ceil(wanted / day) * day;
}

/** Marks from 0 to at most the length, with their words. */
export function ticks(length: number, most: number): { at: number; label: string }[] {
  const step = roundStep(length, most);
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => ({ at: index * step, label: index === 0 ? '0' : duration(index * step).replace(/\.0 s$/, ' s') }));
}

/** Where the axis ends: at the end; while it goes on, somewhat ahead, and in steps, so that the drawing stands still. */
export function axisEnd({ from, to }: Timeline, live: boolean, estimatedEnd = 0): number {
  const length = Math.max(1, Math.max(to, estimatedEnd) - from);
  if (!live) {
    return from + length;
  }

  const step = roundStep(length, 12);
  return from + Math.max(5 * second, (Math.floor(length / step) + 1) * step);
}
