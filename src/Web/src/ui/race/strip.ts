import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Mark } from './tracks.js';

/** What part of time the strips show, and how far it has come while the race runs. */
export interface Window {
  from: number;
  span: number;
  now: number | undefined;
}

const place = (at: number, { from, span }: Window): string => `${(Math.min(1, Math.max(0, (at - from) / span)) * 100).toFixed(3)}%`;

const ground = (window: Window): SVGTemplateResult => svg`<line class="rail" x1="0" x2="100%" y1="50%" y2="50%"/>${window.now === undefined ? nothing : svg`<line class="now" x1=${place(window.now, window)} x2=${place(window.now, window)} y1="0" y2="100%"/>`}`;

/** When the operation really changed. */
export function serverStrip(changes: readonly number[], window: Window, label: string): TemplateResult {
  return html`<svg class="strip" role="img" aria-label=${label}>${ground(window)}${changes.map(at => svg`<line class="tick" x1=${place(at, window)} x2=${place(at, window)} y1="28%" y2="72%"/>`)}</svg>`;
}

/** When one way learnt of it: a dot where it did, and a bar over the time for which it had not known. */
export function strip(marks: readonly Mark[], window: Window, label: string): TemplateResult {
  return html`<svg class="strip" role="img" aria-label=${label}>
    ${ground(window)}
    ${marks.map(({ at, since }) => svg`<rect class="late" x=${place(since, window)} width="${Math.max(0, (at - since) / window.span * 100).toFixed(3)}%" y="32%" height="36%" rx="2"/>`)}
    ${marks.map(({ at, final }) => svg`<circle class=${final ? 'dot end' : 'dot'} cx=${place(at, window)} cy="50%" r=${final ? 6 : 3}/>`)}
  </svg>`;
}
