import { html, type PropertyValues, type TemplateResult } from 'lit';
import { isFinal, watch, type Status } from '../../client/index.js';
import { cancelOperation, getStatus, uriOf } from '../api/operations.js';
import { send } from '../api/request.js';
import { confirm } from '../app/confirm.js';
import { Page } from '../app/page.js';
import '../components/copy.js';
import '../components/problem.js';
import '../components/progress.js';
import '../components/skeleton.js';
import '../components/state.js';
import { activityOf } from '../components/words.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './operation-page.css?inline';

/** One operation, live. */
class OperationPage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { type: {}, operationId: {}, status: { state: true }, error: { state: true } };

  declare type: string;
  declare operationId: string;
  declare status: Status | undefined;
  declare error: unknown;
  #watching: AbortController | undefined;

  get heading(): string {
    return this.operationId;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('type') || changed.has('operationId')) {
      this.#watch();
    }
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('operationId')) {
      this.titled();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watching?.abort();
  }

  override render(): TemplateResult {
    const { status } = this;
    const name = { type: this.type, id: this.operationId };
    return html`
      <div class="page">
        <div class="page-head">
          <div class="names">
            <p class="soft">${this.type}</p>
            <h1 tabindex="-1" class="ellipsis" dir="auto" title=${this.operationId}>${this.operationId}</h1>
          </div>
          <div class="actions">
            ${status && !isFinal(status) ? html`<button class="danger" ?disabled=${status.state === 'canceling'} @click=${this.#cancel}>Cancel</button><rops-copy .call=${cancelOperation(name)} what="cancel"></rops-copy>` : ''}
            <rops-copy .call=${getStatus(name)} label="curl" what="read the status"></rops-copy>
          </div>
        </div>
        <rops-problem .error=${this.error} @again=${this.#watch}></rops-problem>
        ${status ? html`
          <section class="card live" aria-label="Progress">
            <div class="line"><rops-state state=${status.state}></rops-state><span class="percent number">${status.progress} %</span></div>
            <rops-progress large .value=${status.progress} state=${status.state} label=${this.operationId}></rops-progress>
            <p class="soft" dir="auto">${activityOf(status)}</p>
          </section>` : this.error === undefined ? html`<rops-skeleton label="Loading the operation"></rops-skeleton>` : ''}
      </div>`;
  }

  #watch(): void {
    this.#watching?.abort();
    this.#watching = new AbortController();
    this.status = undefined;
    this.error = undefined;
    watch(uriOf({ type: this.type, id: this.operationId }), {
      signal: this.#watching.signal,
      onStatus: status => {
        this.status = status;
      },
      onError: (error, retrying) => {
        this.error = retrying ? this.error : error;
      },
    });
  }

  async #cancel(): Promise<void> {
    if (await confirm({ title: 'Cancel this operation?', text: 'It stops as soon as its handler lets go. What it has done so far may be lost.', action: 'Cancel it', dangerous: true })) {
      try {
        await send(cancelOperation({ type: this.type, id: this.operationId }));
      } catch (error) {
        this.error = error;
      }
    }
  }
}

customElements.define('rops-operation-page', OperationPage);
