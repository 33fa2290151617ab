import { html, nothing, type TemplateResult } from 'lit';
import { ProblemError } from '../../client/index.js';
import { cancelOperation } from '../api/operations.js';
import { send } from '../api/request.js';
import { announce } from '../app/announce.js';
import { Page } from '../app/page.js';
import { hrefs } from '../app/routes.js';
import { bytes, duration } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import { explain } from '../components/words.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './race-page.css?inline';
import { Race, type Course } from './run.js';
import { serverStrip, strip, type Window } from './strip.js';
import { summary, type Figures } from './summary.js';
import { ways, type Way } from './tracks.js';

const courses: readonly Course[] = [
  { label: '5 s, 25 steps', steps: 25, stepMs: 200 },
  { label: '15 s, 50 steps', steps: 50, stepMs: 300 },
  { label: '45 s, 45 steps', steps: 45, stepMs: 1_000 },
];
const names: Record<Way, [name: string, how: string]> = {
  poll: ['Poll', 'GET, paced by Retry-After'],
  longpoll: ['Long poll', 'GET, held until it changes'],
  sse: ['Server-sent events', 'one GET that stays open'],
  signalr: ['SignalR', 'a stream over a WebSocket'],
  callback: ['Callback', 'one message at the end'],
};

/** One operation, waited for in all five ways side by side. */
class RacePage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { course: { state: true }, race: { state: true }, starting: { state: true }, error: { state: true } };

  readonly heading = 'Race';
  declare course: Course;
  declare race: Race | undefined;
  declare starting: boolean;
  declare error: unknown;

  constructor() {
    super();
    this.course = courses[0]!;
    this.starting = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.race?.stop();
  }

  override render(): TemplateResult {
    const { race } = this;
    const running = race?.running === true;
    return html`
      <div class="page">
        <div class="page-head">
          <h1 tabindex="-1">Race</h1>
          <div class="actions">
            <div class="segments" role="group" aria-label="How long">${courses.map(course => html`<button class="small" aria-pressed=${course === this.course} ?disabled=${running} @click=${() => {
              this.course = course;
            }}>${course.label}</button>`)}</div>
            ${running && race.tracks.endedAt === undefined
              ? html`<button @click=${this.#cancel}>Cancel</button>`
              : html`<button class="primary" ?disabled=${this.starting || running} @click=${this.#start}>${icon('race')}${this.starting ? 'Starting…' : race ? 'Race again' : 'Start the race'}</button>`}
          </div>
        </div>
        <p class="lead soft">One operation, five ways to wait for it. A dot is where a way learnt of a change; the bar before it is the time for which it did not know.</p>
        <rops-problem .error=${this.error} @again=${this.#start}></rops-problem>
        ${this.#chart()}
        <p class="result" role="status">${race && !race.running ? html`${this.#words(race)} <a href=${hrefs.operation(race.status)}>The operation</a>` : nothing}</p>
        ${method}
      </div>`;
  }

  #chart(): TemplateResult {
    const { race } = this;
    const { steps, stepMs } = race?.course ?? this.course;
    const from = race?.startedAt ?? 0;
    const arrivals = race ? ways.flatMap(way => race.tracks.marks(way).map(({ at }) => at)) : [];
    const now = race?.running ? performance.now() : undefined;
    const span = Math.max(steps * stepMs * 1.05 + 400, ((now ?? Math.max(from, ...arrivals)) - from) * 1.02);
    const window = { from, span, now };
    const changes = race?.tracks.changes ?? [];
    return html`
      <div class="card chart" role="table" aria-label="What each way has learnt, and what it took">
        <div class="row head" role="row">
          <span role="columnheader">Way</span><span role="columnheader" class="axis number"><span class="hidden">When it learnt of changes, </span><span>0 s</span><span>${duration(span / 2)}</span><span>${duration(span)}</span></span>
          <span role="columnheader" title="The median, over all changes">Behind</span><span role="columnheader">End</span><span role="columnheader">Requests</span><span role="columnheader">Received</span>
        </div>
        <div class="row server" role="row">
          <div role="rowheader"><strong>Server</strong><span class="how">where it changed</span></div>
          <div role="cell" class="track">${serverStrip(changes, window, `${changes.length} changes`)}</div>
          <span role="cell" class="figure number faint">${race ? `${changes.length} changes` : ''}</span><span role="cell"></span><span role="cell"></span><span role="cell"></span>
        </div>
        ${ways.map(way => this.#lane(way, window))}
      </div>`;
  }

  #lane(way: Way, window: Window): TemplateResult {
    const { race } = this;
    const [name, how] = names[way];
    const marks = race?.tracks.marks(way) ?? [];
    const { median, end, requests } = this.#figures(way);
    const failure = race?.failures.get(way);
    const longest = Math.max(0, ...marks.map(({ at, since }) => at - since));
    return html`
      <div class="row ${race?.over.has(way) ? 'over' : ''}" role="row" data-way=${way}>
        <div role="rowheader"><strong>${name}</strong><span class="how">${how}</span></div>
        <div role="cell" class="track">${failure === undefined
          ? strip(marks, window, marks.length === 0 ? 'nothing yet' : `learnt ${marks.length} times, ${duration(longest)} late at most`)
          : html`<span class="fault">${icon('failed')}${failure instanceof ProblemError ? explain(failure).title : 'It has not learnt the end'}</span>`}</div>
        ${figure('Behind', way === 'callback' ? '–' : said(median))}
        ${figure('End', end === undefined ? '' : `+${duration(end)}`)}
        ${figure('Requests', race ? String(requests) : '')}
        ${figure('Received', race?.meters[way].bytes ? `≈ ${bytes(race.meters[way].bytes)}` : '')}
      </div>`;
  }

  #figures(way: Way): Figures {
    return { requests: this.race?.meters[way].requests ?? 0, median: this.race?.tracks.medianLateness(way), end: this.race?.tracks.endLateness(way) };
  }

  #words(race: Race): string {
    const ended = race.tracks.endedAt;
    const figures = Object.fromEntries(ways.map(way => [way, this.#figures(way)])) as Record<Way, Figures>;
    return ended === undefined ? 'Nobody has learnt the end.' : summary(ended - race.startedAt, race.tracks.changes.length, figures);
  }

  readonly #start = async (): Promise<void> => {
    this.race?.stop();
    this.error = undefined;
    this.starting = true;
    try {
      const race = await Race.start(this.course);
      if (this.isConnected) {
        this.race = race;
        announce('The race has started.');
        this.#draw();
        await race.finished;
        this.requestUpdate();
      } else {
        race.stop();
      }
    } catch (error) {
      this.error = error;
    } finally {
      this.starting = false;
    }
  };

  /** With every frame; for those who want less motion, now and then. */
  #draw(): void {
    const next = matchMedia('(prefers-reduced-motion: reduce)').matches ? (call: () => void) => setTimeout(call, 500) : requestAnimationFrame;
    this.starting = false;
    const draw = (): void => {
      this.requestUpdate();
      if (this.isConnected && this.race?.running) {
        next(draw);
      }
    };
    draw();
  }

  async #cancel(): Promise<void> {
    try {
      await send(cancelOperation(this.race!.status));
    } catch (error) {
      this.error = error;
    }
  }
}

const said = (ms: number | undefined): string => (ms === undefined ? '' : duration(ms));
const figure = (label: string, value: string): TemplateResult => html`<span role="cell" class="figure number"><span class="label" aria-hidden="true">${label}</span>${value || '–'}</span>`;

const method = html`
  <details>
    <summary>How this is measured</summary>
    <ul class="soft">
      <li><strong>Behind</strong> is the time from a change to when a way learnt of it, the median over all changes; one that was passed over counts until the next that came. <strong>End</strong> is the same for the end alone.</li>
      <li>The server stamps each change (<code>updatedAt</code>), but nobody knows how its clock and this browser's differ. They are laid so that the quickest message of the race was not late at all: what each way is behind is too small by that one message's time, which is the same for all.</li>
      <li><strong>Requests</strong> are counted as they are made. <strong>Received</strong> is what came in: bodies as their pieces came, heads as HTTP/1.1 would write what a page can see of them. Into SignalR's WebSocket no page can look: its bytes are estimated from what its messages hold.</li>
      <li>No server can call a browser. A mailbox takes the callback, and this page long polls it: those are the callback's requests here. A back end would make none.</li>
      <li>All five share this browser and its processor, so none has more of them than the others.</li>
    </ul>
  </details>`;

customElements.define('rops-race-page', RacePage);
