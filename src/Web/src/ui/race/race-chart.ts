import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { bytes, count, duration } from '../components/format.js';
import { icon } from '../components/icons.js';
import { explain } from '../components/words.js';
import { ticks } from '../operation/timeline.js';
import { base, sheet } from '../styles/sheet.js';
import type { Distance, Race } from './race.js';
import styles from './race-chart.css?inline';
import { ways, type Way } from './raceRecord.js';
import { axisLength, dots, lines, x, type Axis } from './strip.js';
import { spoken, wayHints, wayNames, type Outcome } from './words.js';

const height = 56;
const top = 8;
const bottom = 48;
/** Often enough to be seen as live, and seldom enough to delay nobody in the race. */
const redraw = 100;

/** <race-chart .race .over .distance>: a lane for each way, drawn while it runs; the same as a table. */
class RaceChart extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { race: { attribute: false }, over: { attribute: false }, distance: { attribute: false }, width: { state: true } };

  declare race: Race | undefined;
  declare over: boolean;
  declare distance: Distance;
  declare width: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #resized = new ResizeObserver(([entry]) => {
    this.width = Math.round(entry!.contentRect.width);
  });

  constructor() {
    super();
    this.over = false;
    this.width = 600;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      if (this.race && !this.over && !document.hidden) {
        this.requestUpdate();
      }
    }, redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#resized.disconnect();
  }

  override firstUpdated(): void {
    this.#resized.observe(this.renderRoot.querySelector('.axis')!);
  }

  override render(): TemplateResult {
    const { race, distance, width } = this;
    const from = race?.startedAt ?? 0;
    const planned = distance.steps * distance.stepMs;
    const elapsed = race ? Math.max(...ways.map(way => race.record.lastHeardAt(way) ?? from), this.over ? from : race.now()) - from : 0;
    const axis: Axis = { from, to: from + axisLength(planned, elapsed), width };
    const outcomes = ways.map(way => this.#outcome(way));
    return html`
      <ol>${outcomes.map(outcome => this.#lane(outcome, axis))}</ol>
      <div class="foot">
        <svg class="axis" height="20" aria-hidden="true">
          ${ticks(axis.to - from, width / 80).map(({ at, label }) => svg`<text x=${x(axis, from + at)} y="14" text-anchor=${at === 0 ? 'start' : 'middle'}>${label}</text>`)}
        </svg>
      </div>
      ${race ? this.#table(outcomes) : nothing}`;
  }

  #lane(outcome: Outcome, axis: Axis): TemplateResult {
    const { way } = outcome;
    const failure = this.race?.failures.get(way);
    return html`
      <li>
        <div class="who">
          <h2>${wayNames[way]}</h2>
          <p class="soft">${failure === undefined ? wayHints[way] : html`<span class="gave-up">${icon('failed')}${explain(failure).title}</span>`}</p>
        </div>
        ${this.#strip(outcome, axis)}
        <dl class="number">${this.#figures(outcome).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      </li>`;
  }

  #strip(outcome: Outcome, axis: Axis): TemplateResult {
    const { race } = this;
    const steps = race?.record.stepsOf(outcome.way) ?? [];
    const drawn = lines(steps, axis, top, bottom);
    const endedAt = race?.record.endedAt;
    return html`
      <svg class="strip" height=${height} role="img" aria-label=${spoken(outcome)}>
        <line class="edge" x1="0" x2="100%" y1=${top} y2=${top}/>
        <line class="edge" x1="0" x2="100%" y1=${bottom} y2=${bottom}/>
        ${race ? svg`
          <path class="made" d=${dots(race.record.made, axis, top)}/>
          ${endedAt === undefined ? nothing : svg`<line class="end" x1=${x(axis, endedAt)} x2=${x(axis, endedAt)} y1="0" y2=${height}/>`}
          <path class="soon" d=${drawn.soon}/>
          <path class="late" d=${drawn.late}/>
          <path class="learnt" d=${dots(steps.map(({ learntAt }) => learntAt), axis, bottom)}/>
          ${this.over ? nothing : svg`<line class="now" x1=${x(axis, race.now())} x2=${x(axis, race.now())} y1="0" y2=${height}/>`}
          ${outcome.end === undefined ? nothing : svg`<g class="finish" transform="translate(${x(axis, steps.at(-1)!.learntAt)} ${bottom})"><circle r="5.5"/><path d="m-2.4.2 1.6 1.6 3.1-3.4"/></g>`}`
          : svg`<text y=${top + 14}>made by the server</text><text y=${bottom - 6}>learnt here</text>`}
      </svg>`;
  }

  #figures({ way, requests, bytes: received, median, end }: Outcome): [name: string, value: string][] {
    const waits = !this.race;
    return [
      ['Late, median', waits ? '–' : way === 'callback' ? 'end only' : median === undefined ? '–' : duration(median)],
      ['End, after', end === undefined ? '–' : duration(end)],
      ['Requests', waits ? '–' : count(requests)],
      ['Received', waits ? '–' : `${way === 'signalR' ? '≈ ' : ''}${bytes(received)}`],
    ];
  }

  #table(outcomes: readonly Outcome[]): TemplateResult {
    return html`
      <details>
        <summary>As a table</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="The race as a table">
          <table class="number">
            <thead><tr><th scope="col">Way</th><th scope="col">Steps learnt</th><th scope="col">In messages</th><th scope="col">Late, median</th><th scope="col">Late, at most</th><th scope="col">End, after</th><th scope="col">Requests</th><th scope="col">Received</th></tr></thead>
            <tbody>${outcomes.map(outcome => html`
              <tr>
                <th scope="row">${wayNames[outcome.way]}</th>
                <td>${count(outcome.steps)}</td><td>${count(outcome.messages)}</td>
                <td>${this.#figures(outcome)[0]![1]}</td>
                <td>${outcome.way === 'callback' ? 'end only' : outcome.worst === undefined ? '–' : duration(outcome.worst)}</td>
                ${this.#figures(outcome).slice(1).map(([, value]) => html`<td>${value}</td>`)}
              </tr>`)}
            </tbody>
          </table>
        </div>
      </details>`;
  }

  #outcome(way: Way): Outcome {
    const { record, traffic } = this.race ?? {};
    const { requests = 0, bytes: received = 0 } = traffic?.get(way) ?? {};
    return { way, requests, bytes: received, ...record?.latenessOf(way) ?? { steps: 0, messages: 0 } };
  }
}

customElements.define('race-chart', RaceChart);
