import { html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { isFinal, type Status } from '../../client/index.js';
import type { HistoryEvent } from '../api/shapes.js';
import { duration } from '../components/format.js';
import { stateWords } from '../components/words.js';
import { everySecond, serverNow } from '../live/clock.js';
import { base, sheet } from '../styles/sheet.js';
import { lineOf } from './historyWords.js';
import styles from './operation-timeline.css?inline';
import { axisEnd, ticks, timelineOf, type Lane, type Span, type Timeline } from './timeline.js';

const laneHeight = 34;
const names = 78;
const times = 78;
const top = 4;
/** The newest; the others are counted. */
const lanesDrawn = 8;

/** <operation-timeline .status .events>: how long each attempt waited and ran, on one axis, drawn; the same as a list. */
class OperationTimeline extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { status: { attribute: false }, events: { attribute: false }, width: { state: true } };

  declare status: Status;
  declare events: readonly HistoryEvent[];
  declare width: number;
  #stop: (() => void) | undefined;
  readonly #resized = new ResizeObserver(([entry]) => {
    this.width = Math.round(entry!.contentRect.width);
  });

  constructor() {
    super();
    this.events = [];
    this.width = 640;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#stop = everySecond(() => isFinal(this.status) || this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#stop?.();
  }

  override render(): TemplateResult {
    const timeline = timelineOf(this.events, this.status.state, serverNow());
    const steps = this.events.filter(({ event }) => event !== 'activity' && event !== 'contact' && event !== 'delivery').slice(-50);
    return html`
      ${timeline.lanes.length > lanesDrawn ? html`<p class="soft more">${timeline.lanes.length - lanesDrawn} earlier attempts are not drawn.</p>` : ''}
      ${this.#drawing(timeline)}
      <details>
        <summary>As a list</summary>
        <ol>${steps.map(event => html`<li><time class="number soft" datetime=${event.at}>${new Date(event.at).toLocaleTimeString()}</time> <span dir="auto">${lineOf(event).text}</span></li>`)}</ol>
      </details>`;
  }

  #drawing(timeline: Timeline): TemplateResult {
    const live = !isFinal(this.status);
    const estimate = live && this.status.estimatedEndAt ? Date.parse(this.status.estimatedEndAt) : undefined;
    const end = axisEnd(timeline, live, estimate);
    const room = Math.max(80, this.width - names - times);
    const x = (time: number): number => names + (time - timeline.from) / (end - timeline.from) * room;
    const lanes = timeline.lanes.slice(-lanesDrawn);
    const bottom = top + lanes.length * laneHeight;
    const { cancelRequestedAt } = timeline;
    return html`
      <svg class="drawing" width=${this.width} height=${bottom + 26} viewBox="0 0 ${this.width} ${bottom + 26}" role="img" aria-label=${summary(timeline, live)}>
        ${ticks(end - timeline.from, room / 92).map(({ at, label }) => svg`
          <line class="grid" x1=${x(timeline.from + at)} x2=${x(timeline.from + at)} y1=${top} y2=${bottom}/>
          <text class="tick" x=${x(timeline.from + at)} y=${bottom + 18} text-anchor="middle">${label}</text>`)}
        ${lanes.map((lane, index) => this.#lane(lane, top + index * laneHeight + laneHeight / 2, x, index === lanes.length - 1 ? estimate : undefined))}
        ${cancelRequestedAt ? svg`<line class="cancel" x1=${x(cancelRequestedAt)} x2=${x(cancelRequestedAt)} y1=${top} y2=${bottom}><title>Cancel was asked for at ${new Date(cancelRequestedAt).toLocaleTimeString()}</title></line>` : ''}
        ${live ? svg`<line class="now" x1=${x(timeline.to)} x2=${x(timeline.to)} y1=${top} y2=${bottom + 4}/>` : ''}
      </svg>`;
  }

  #lane(lane: Lane, y: number, x: (time: number) => number, estimate: number | undefined): SVGTemplateResult {
    const { waits, runs, outcome, reason, activities, attempt } = lane;
    const took = runs ?? waits;
    const width = (span: Span, least: number): number => Math.max(least, x(span.to) - x(span.from));
    const title = `Attempt ${attempt}: waited ${length(waits)}${runs ? `, ran ${length(runs)}` : ''}. ${stateWords[outcome]}${reason ? `: ${reason}` : ''}`;
    return svg`<g class=${outcome}>
      <title>${title}</title>
      <text class="name" x="0" y=${y + 4}>${runs ? `Attempt ${attempt}` : 'Waiting'}</text>
      <line class="waits" x1=${x(waits.from)} x2=${x(waits.to)} y1=${y} y2=${y}/>
      ${runs ? svg`
        ${estimate && estimate > runs.to ? svg`<rect class="estimate" x=${x(runs.from)} y=${y - 7} width=${x(estimate) - x(runs.from)} height="14" rx="4"/>` : ''}
        <rect class="runs" x=${x(runs.from)} y=${y - 7} width=${width(runs, 4)} height="14" rx="4"/>
        ${thinned(activities.map(x)).map(at => svg`<line class="activity" x1=${at} x2=${at} y1=${y - 3} y2=${y + 3}/>`)}
        ${shapeOf(outcome, x(runs.from) + width(runs, 4), y)}` : ''}
      <text class="took" x=${this.width} y=${y + 4} text-anchor="end">${length(took)}</text>
    </g>`;
  }
}

const length = ({ from, to }: Span): string => duration(to - from);

/** How an attempt ended, told by a shape too. */
function shapeOf(outcome: Lane['outcome'], x: number, y: number): SVGTemplateResult | string {
  const shapes: Partial<Record<Lane['outcome'], SVGTemplateResult>> = {
    succeeded: svg`<circle r="6.5"/><path d="m-2.8.2 1.9 1.9 3.6-4"/>`,
    failed: svg`<path class="solid" d="M0-7.5 7.5 5.5h-15Z"/><path d="M0-2.5v3.6M0 3.2v.1"/>`,
    canceled: svg`<circle r="6.5"/><path d="M-2.8 0h5.6"/>`,
  };
  const shape = shapes[outcome];
  return shape ? svg`<g class="shape" transform="translate(${x} ${y})">${shape}</g>` : '';
}

/** Marks that are far enough apart to be seen. */
function thinned(places: readonly number[]): number[] {
  const kept: number[] = [];
  for (const place of places) {
    if (kept.length === 0 || place - kept.at(-1)! >= 5) {
      kept.push(place);
    }
  }

  return kept;
}

function summary({ lanes, from, to }: Timeline, live: boolean): string {
  const tries = lanes.filter(({ runs }) => runs);
  const told = tries.map(({ attempt, runs, outcome }) => `attempt ${attempt} ran ${length(runs!)}, ${stateWords[outcome].toLowerCase()}`);
  return `Timeline: ${live ? 'so far' : 'in all'} ${duration(to - from)}. ${told.slice(-lanesDrawn).join('; ') || 'It waits to start'}.`;
}

customElements.define('operation-timeline', OperationTimeline);
