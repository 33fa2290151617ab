import { html, svg, type TemplateResult } from 'lit';
import type { Mark } from './tracks.js';

/** Places a time on a strip that begins at `from` and lasts `span`. */
const place = (at: number, from: number, span: number): string => `${(Math.min(1, Math.max(0, (at - from) / span)) * 100).toFixed(3)}%`;

/** When the operation really changed. */
export function serverStrip(changes: readonly number[], from: number, span: number, label: string): TemplateResult {
  return html`<svg class="strip" role="img" aria-label=${label}><line class="rail" x1="0" x2="100%" y1="50%" y2="50%"/>${changes.map(at => svg`<line class="tick" x1=${place(at, from, span)} x2=${place(at, from, span)} y1="28%" y2="72%"/>`)}</svg>`;
}

/** When one way learnt of it: a dot where it did, and a bar over the time for which it had not known. */
export function strip(marks: readonly Mark[], from: number, span: number, label: string): TemplateResult {
  return html`<svg class="strip" role="img" aria-label=${label}>
    <line class="rail" x1="0" x2="100%" y1="50%" y2="50%"/>
    ${marks.map(({ at, since }) => svg`<rect class="late" x=${place(since, from, span)} width="${Math.max(0, (at - since) / span * 100).toFixed(3)}%" y="32%" height="36%"/>`)}
    ${marks.map(({ at, final }) => svg`<circle class=${final ? 'dot end' : 'dot'} cx=${place(at, from, span)} cy="50%" r=${final ? 6 : 3}/>`)}
  </svg>`;
}
