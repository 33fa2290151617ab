import { html, LitElement, type TemplateResult } from 'lit';
import { ProblemError } from '../../client/index.js';
import { shareOperation } from '../api/operations.js';
import { send } from '../api/request.js';
import type { OperationName } from '../api/shapes.js';
import { toasts } from '../app/toasts.js';
import '../components/copy.js';
import { icon } from '../components/icons.js';
import { explain } from '../components/words.js';
import { serverNow } from '../live/clock.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './share-link.css?inline';

const day = 86_400_000;

/** <share-link .name>: makes a status URI that anyone may read. Nothing any more once the server has said that it makes none. */
class ShareLink extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { name: { attribute: false }, uri: { state: true }, busy: { state: true } };

  declare name: OperationName;
  declare uri: string;
  declare busy: boolean;
  #days = 7;

  override render(): TemplateResult {
    return html`
      <section class="card" aria-labelledby="share">
        <h2 id="share">Share</h2>
        <p class="soft">A link to the status, and to nothing else, that needs no login.</p>
        <div class="make">
          <select aria-label="Valid for" @change=${(event: Event) => { this.#days = Number((event.target as HTMLSelectElement).value); this.requestUpdate(); }}>
            ${[[1 / 24, '1 hour'], [1, '1 day'], [7, '7 days'], [30, '30 days']].map(([days, label]) => html`<option value=${days!} ?selected=${days === this.#days}>${label}</option>`)}
          </select>
          <button ?disabled=${this.busy} @click=${this.#make}>${icon('link')}Make a link</button>
          <rops-copy .call=${this.#call()} what="make a link"></rops-copy>
        </div>
        ${this.uri ? html`<div class="made"><input readonly aria-label="The link" .value=${this.uri} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}><rops-copy .text=${this.uri} what="the link"></rops-copy></div>` : ''}
      </section>`;
  }

  #call() {
    return shareOperation(this.name, new Date(serverNow() + this.#days * day).toISOString());
  }

  async #make(): Promise<void> {
    this.busy = true;
    try {
      ({ uri: this.uri } = await send(this.#call()));
    } catch (error) {
      // It has no such address at all, while the operation is there.
      const none = error instanceof ProblemError && (error.status === 404 || error.status === 405);
      this.hidden = none;
      toasts.show({ text: none ? 'This server makes no links.' : explain(error).text, tone: 'failed' });
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('share-link', ShareLink);
