import { html, LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { HistoryEvent } from '../api/shapes.js';
import { count } from '../components/format.js';
import '../components/time.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './activity-log.css?inline';
import { lineOf } from './historyWords.js';

const batch = 100;

/** <activity-log .events>: what happened, newest first. */
class ActivityLog extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { events: { attribute: false }, most: { state: true } };

  declare events: readonly HistoryEvent[];
  declare most: number;

  constructor() {
    super();
    this.events = [];
    this.most = batch;
  }

  override render(): TemplateResult {
    const events = this.events.filter(({ event }) => event !== 'contact');
    const shown = events.map((event, index) => ({ index, line: lineOf(event) })).slice(-this.most).reverse();
    const rest = events.length - shown.length;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Activity, newest first"><ol>${repeat(shown, ({ index }) => index, ({ line }) => html`
        <li class=${line.kind}>
          <span class="dot"></span>
          <span class="text" dir="auto">${line.href ? html`<a href=${line.href}>${line.text}</a>` : line.text}</span>
          <rops-time class="soft number" at=${line.at}></rops-time>
        </li>`)}
      </ol></div>
      ${rest > 0 ? html`<p class="rest"><button class="small" @click=${() => { this.most += batch; }}>Show ${count(Math.min(batch, rest))} more of ${count(rest)}</button></p>` : ''}`;
  }
}

customElements.define('activity-log', ActivityLog);
