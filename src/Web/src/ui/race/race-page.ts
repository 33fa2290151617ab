import { html, nothing, type TemplateResult } from 'lit';
import { TransportFailure } from '../../client/index.js';
import { getStatus } from '../api/operations.js';
import { Unreachable } from '../api/request.js';
import { announce } from '../app/announce.js';
import { Page } from '../app/page.js';
import { router } from '../app/router.js';
import { hrefs } from '../app/routes.js';
import '../components/copy.js';
import { duration } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import { feed } from '../live/feed.js';
import { base, sheet } from '../styles/sheet.js';
import { Race, type Distance } from './race.js';
import './race-chart.js';
import styles from './race-page.css?inline';
import { ways } from './raceRecord.js';
import { verdict } from './words.js';

const distances: Record<string, Distance & { label: string }> = {
  short: { steps: 25, stepMs: 200, label: '5 s, 25 steps' },
  middle: { steps: 60, stepMs: 250, label: '15 s, 60 steps' },
  long: { steps: 60, stepMs: 1_000, label: '1 min, 60 steps' },
};

/** One operation, and five ways to wait for it, side by side. */
class RacePage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { length: { state: true }, race: { state: true }, error: { state: true } };

  declare length: string;
  declare race: Race | undefined;
  declare error: unknown;
  readonly heading = 'Race';
  readonly #changed = (): void => this.requestUpdate();

  constructor() {
    super();
    const asked = router.query.get('length') ?? '';
    this.length = Object.hasOwn(distances, asked) ? asked : 'middle';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    feed.addEventListener('connection', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    feed.removeEventListener('connection', this.#changed);
    this.race?.leave();
  }

  override render(): TemplateResult {
    const { race } = this;
    const runs = race !== undefined && !race.over;
    return html`
      <div class="page">
        <div class="page-head">
          <h1 tabindex="-1">Race</h1>
          <div class="actions">
            <div class="segments" role="group" aria-label="Length">${Object.entries(distances).map(([name, { label }]) => html`
              <button aria-pressed=${String(name === this.length)} ?disabled=${runs} @click=${() => this.#choose(name)}>${label}</button>`)}
            </div>
            <button class="start ${runs ? 'danger' : 'primary'}" @click=${() => void (runs ? this.#stop() : this.#start())}>${runs
              ? race.record.ended ? 'Wait no longer' : 'Stop'
              : html`${icon('race')}${race ? 'Race again' : 'Start the race'}`}</button>
          </div>
        </div>
        <p class="lead soft">One operation, and five ways to wait for it. Each line is a step: it leaves at the top when the server made it, and lands below when that way learnt of it. Upright is at once; a slant is time lost, and an amber one more than a second of it.</p>
        ${feed.state === 'offline' ? html`<p class="banner" role="status">${icon('offline')} The server cannot be reached. ${runs ? 'All five go on by themselves when it is back.' : 'A race can start when it is back.'}</p>` : nothing}
        <rops-problem .error=${this.error} @again=${() => void this.#start()}></rops-problem>
        <race-chart class="card" .race=${race} .over=${race?.over ?? false} .distance=${distances[this.length]!}></race-chart>
        ${race?.over ? this.#verdict(race) : nothing}
        ${this.#counted(race)}
      </div>`;
  }

  #verdict(race: Race): TemplateResult {
    const text = this.#words(race);
    const allKnow = ways.every(way => race.record.latenessOf(way).end !== undefined);
    return html`
      <section class="card verdict" aria-labelledby="verdict">
        ${icon(race.status!.state)}
        <div>
          <h2 id="verdict">${allKnow && race.status!.state === 'succeeded' ? 'All have learnt of the end' : 'The race is over'}</h2>
          <p>${text || 'There was too little to compare.'}</p>
        </div>
        <div class="actions">
          <a class="button small" href=${hrefs.operation(race.status!)}>Show the operation</a>
          <rops-copy .call=${getStatus(race.status!)} what="read the status"></rops-copy>
        </div>
      </section>`;
  }

  #counted(race: Race | undefined): TemplateResult {
    const doubt = race?.record.ended ? race.record.clock.doubt : undefined;
    return html`
      <details class="soft">
        <summary>What is counted, and how</summary>
        <ul>
          <li><strong>Lateness</strong>: from <code>updatedAt</code> in a Status, when the server made it, until this page has read it. A snapshot stands for all before it: who gets the tenth learns of nine more, late. Beside its steps, the operation's start and end count.
            The clocks of the two are taken to agree, as far as the race does not disprove it: nothing arrives before it was made, and nothing was made before it was asked for.
            ${doubt ? html`So in this race everything may in truth have been up to <span class="number">${duration(doubt.less)}</span> less late, or <span class="number">${duration(doubt.more)}</span> more; between the five it makes no difference.` : ''}</li>
          <li><strong>Requests</strong>: every one that the way sends. SignalR takes two: one negotiates, one becomes the WebSocket; where none is let through it sends more, which are not counted. The callback needs none where a server receives it; here a mailbox does, so there is one to read it and one to acknowledge.</li>
          <li><strong>Received</strong>: the bodies to the byte, piece by piece, and their heads as HTTP/1.1 writes them. With ≈ for SignalR, whose frames a page does not see: they are computed from what they carried. What the browser sends is not counted.</li>
          <li>All five run in this page and share one network and one thread. In a tab that nobody sees, the browser slows all of them down.</li>
        </ul>
      </details>`;
  }

  #words({ record, traffic }: Race): string {
    return verdict(ways.map(way => {
      const { requests, bytes } = traffic.get(way)!;
      return { way, requests, bytes, ...record.latenessOf(way) };
    }));
  }

  #choose(length: string): void {
    this.length = length;
    this.race = undefined;
    router.setQuery(new URLSearchParams(length === 'middle' ? {} : { length }));
  }

  async #start(): Promise<void> {
    const { steps, stepMs } = distances[this.length]!;
    const race = this.race = new Race({ steps, stepMs });
    this.error = undefined;
    announce('The race has started.');
    try {
      await race.run(this.#changed);
      announce(`The race is over. ${this.#words(race)}`);
    } catch (error) {
      if (race === this.race) {
        this.race = undefined;
        this.error = race.left ? undefined : error instanceof TransportFailure ? new Unreachable(error.message, { cause: error }) : error;
      }
    }
  }

  async #stop(): Promise<void> {
    try {
      await this.race?.stop();
      this.requestUpdate();
    } catch (error) {
      this.error = error;
    }
  }
}

customElements.define('rops-race-page', RacePage);
