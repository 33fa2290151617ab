import type { Step } from './raceRecord.js';

export interface Axis {
  from: number;
  to: number;
  /** In pixels. */
  width: number;
}

/** From this on it counts as late: a person notices. */
export const late = 1_000;

export const x = ({ from, to, width }: Axis, time: number): number => Math.round(Math.min(1, Math.max(0, (time - from) / (to - from))) * width * 10) / 10;

/** Lines from when a step was made, above, to when it was learnt, below: upright when at once. */
export function lines(steps: readonly Step[], axis: Axis, top: number, bottom: number): { soon: string; late: string } {
  const paths = { soon: '', late: '' };
  for (const { madeAt, learntAt } of steps) {
    paths[learntAt - madeAt < late ? 'soon' : 'late'] += `M${x(axis, madeAt)} ${top}L${x(axis, learntAt)} ${bottom}`;
  }

  return paths;
}

/** A dot for each time: lines of no length, with round ends. */
export const dots = (times: Iterable<number>, axis: Axis, y: number): string => [...new Set([...times].map(time => `M${x(axis, time)} ${y}h0`))].join('');

/** How long the axis is: the whole run, and room for those who learn of the end late; in steps, so that the drawing stands still. */
export function axisLength(planned: number, elapsed: number): number {
  const room = planned * 1.04 + 1_200;
  const more = Math.max(1_000, planned / 5);
  return elapsed <= room ? room : room + Math.ceil((elapsed - room) / more) * more;
}
