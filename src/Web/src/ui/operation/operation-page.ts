import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { isFinal, ProblemError, type Status } from '../../client/index.js';
import type { Call } from '../api/call.js';
import { cancelOperation, deleteOperation, getHistory, getInput, getResult, getStatus, resubmitOperation } from '../api/operations.js';
import { send } from '../api/request.js';
import type { OperationName } from '../api/shapes.js';
import { announce } from '../app/announce.js';
import { confirm } from '../app/confirm.js';
import { Page } from '../app/page.js';
import { router } from '../app/router.js';
import { hrefs } from '../app/routes.js';
import { toasts, undoable } from '../app/toasts.js';
import '../components/copy.js';
import '../components/empty.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/skeleton.js';
import { explain, stateWords } from '../components/words.js';
import { everySecond, serverNow } from '../live/clock.js';
import { feed } from '../live/feed.js';
import { base, sheet } from '../styles/sheet.js';
import './activity-log.js';
import './delivery-list.js';
import { facts } from './facts.js';
import { failure, hero } from './hero.js';
import './operation-timeline.js';
import styles from './operation-page.css?inline';
import { OperationRecord } from './operationRecord.js';
import './payload-view.js';
import './share-link.js';
import { waits } from './waits.js';

/** Who has waited so long does not want to lose it by a slip. */
const long = 60_000;
const inputShown = 100_000;
const resultShown = 1_000_000;

/** One operation, live. */
class OperationPage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { type: {}, operationId: {}, deleting: { state: true }, deleted: { state: true } };

  declare type: string;
  declare operationId: string;
  /** It will be, unless somebody thinks better of it. */
  declare deleting: boolean;
  declare deleted: boolean;
  #record: OperationRecord | undefined;
  #told: Status['state'] | undefined;
  #stops: (() => void)[] = [];

  get heading(): string {
    const { status } = this.#record ?? {};
    return status ? `${isFinal(status) ? stateWords[status.state] : `${status.progress} %`} · ${this.operationId}` : this.operationId;
  }

  get #name(): OperationName {
    return { type: this.type, id: this.operationId };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const changed = (): void => this.requestUpdate();
    feed.addEventListener('connection', changed);
    this.#stops = [everySecond(changed), () => feed.removeEventListener('connection', changed)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stops.forEach(stop => stop());
    this.#record?.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('type') || changed.has('operationId')) {
      this.#watch();
    }
  }

  override updated(): void {
    this.titled();
  }

  override render(): TemplateResult {
    const { status, error } = this.#record!;
    return html`
      <div class="page">
        ${this.#head(status)}
        ${feed.state === 'offline' && !this.deleted ? html`<p class="banner" role="status">${icon('offline')} The server cannot be reached. This is how it was at ${new Date(feed.since).toLocaleTimeString()}; the page goes on by itself.</p>` : nothing}
        ${this.deleted ? gone(true)
          : error === undefined ? status ? keyed(`${this.type}/${this.operationId}`, this.#content(status)) : html`<div class="card"><rops-skeleton lines="6" label="Loading the operation"></rops-skeleton></div>`
          : error instanceof ProblemError && error.status === 410 ? gone(false)
          : error instanceof ProblemError && error.status === 404 ? unknown
          : html`<rops-problem .error=${error} @again=${() => this.#watch()}></rops-problem>`}
      </div>`;
  }

  #head(status: Status | undefined): TemplateResult {
    const name = this.#name;
    const shown = status && !this.deleted && this.#record?.error === undefined;
    return html`
      <div class="page-head">
        <div class="names">
          <p class="crumbs soft"><a href="${hrefs.board}?type=${encodeURIComponent(this.type)}">${this.type}</a></p>
          <div class="title"><h1 tabindex="-1" class="ellipsis" dir="auto" title=${this.operationId}>${this.operationId}</h1><rops-copy .text=${this.operationId} what="the id"></rops-copy></div>
        </div>
        ${shown ? html`
          <div class="actions" role="group" aria-label="Actions">
            ${isFinal(status)
              ? html`${action('Resubmit', 'primary', resubmitOperation(name), () => this.#resubmit(), this.deleting)}
                ${action('Delete', 'danger', deleteOperation(name), () => this.#delete(), this.deleting)}`
              : action(status.state === 'canceling' ? 'Canceling…' : 'Cancel', 'danger', cancelOperation(name), () => this.#cancel(status), status.state === 'canceling')}
          </div>` : nothing}
      </div>`;
  }

  #content(status: Status): TemplateResult {
    const { history, historyError, deliveries, queuePosition, nextAttemptAt, waitsLong } = this.#record!;
    const name = this.#name;
    const lastFailure = history?.findLast(({ event }) => event === 'attemptFailed')?.['message'] as string | undefined;
    return html`
      <div class="columns ${this.deleting ? 'deleting' : ''}">
        <div class="main">
          ${hero(status, { queuePosition, nextAttemptAt, waitsLong, lastFailure })}
          ${status.state === 'failed' ? failure(status) : nothing}
          ${section('Timeline', html`${history
            ? html`<operation-timeline class="inner" .status=${status} .events=${history}></operation-timeline>`
            : historyError === undefined ? html`<rops-skeleton lines="2" label="Loading the timeline"></rops-skeleton>` : html`<rops-problem class="inner" .error=${historyError}></rops-problem>`}`,
          html`<rops-copy .call=${getHistory(name)} what="read the history"></rops-copy>`)}
          ${status.state === 'succeeded' ? section('Result', status.result
            ? html`<payload-view .call=${getResult(name)} what="result" file=${this.operationId} type=${this.type} most=${resultShown}></payload-view>`
            : html`<p class="inner soft">It has none.</p>`) : nothing}
          ${deliveries.length > 0 ? section('Web hook deliveries', html`<delivery-list .deliveries=${deliveries} @redelivered=${() => this.#record?.redelivered()}></delivery-list>`) : nothing}
          ${history ? section('Activity', html`<activity-log .events=${history}></activity-log>`) : nothing}
        </div>
        <div class="side">
          ${section('Facts', facts(status, taken => this.#record?.take(taken)), html`<rops-copy .call=${getStatus(name)} what="read the status"></rops-copy>`)}
          ${section('Input', html`<payload-view class="compact" .call=${getInput(name)} what="input" file="${this.operationId}-input" type=${this.type} most=${inputShown}></payload-view>`)}
          ${section('Ways to wait', waits(name, history ?? []))}
          <share-link .name=${name}></share-link>
        </div>
      </div>`;
  }

  #watch(): void {
    this.#record?.stop();
    this.deleting = this.deleted = false;
    this.#told = undefined;
    const record = this.#record = new OperationRecord(this.#name, () => {
      if (record === this.#record) {
        this.#tell(record.status);
        this.requestUpdate();
      }
    });
    this.requestUpdate();
  }

  /** What turns is said to those who do not see it; the steps between are not. */
  #tell(status: Status | undefined): void {
    if (status && status.state !== this.#told) {
      if (this.#told) {
        announce(`${stateWords[status.state]}${status.message ? `: ${status.message}` : ''}`);
      }

      this.#told = status.state;
    }
  }

  async #cancel({ startedAt }: Status): Promise<void> {
    const runs = startedAt ? serverNow() - Date.parse(startedAt) : 0;
    if (runs < long || await confirm({ title: 'Cancel this operation?', text: 'It stops as soon as its handler lets go. What it has done so far may be lost.', action: 'Cancel it', dangerous: true })) {
      await this.#try(async () => this.#record?.take(await send(cancelOperation(this.#name))));
    }
  }

  async #resubmit(): Promise<void> {
    await this.#try(async () => router.go(hrefs.operation(await send(resubmitOperation(this.#name)))));
  }

  /** The request leaves when the time to undo is over, or with the page. */
  #delete(): void {
    const [name, record] = [this.#name, this.#record];
    const mine = (): boolean => record === this.#record;
    this.deleting = true;
    const undo = (): void => {
      this.deleting &&= !mine();
    };
    undoable('The operation, its input and its result are deleted.', () => {
      // That it is gone is no news here.
      record?.stop();
      void send(deleteOperation(name), { keepalive: true }).then(
        () => {
          this.deleted ||= mine();
        },
        (error: unknown) => {
          fail(error);
          if (mine()) {
            this.#watch();
          }
        });
    }, undo);
  }

  async #try(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      fail(error);
    }
  }
}

function fail(error: unknown): void {
  const { title, text } = explain(error);
  toasts.show({ text: `${title}. ${text}`, tone: 'failed' });
}

const section = (heading: string, content: TemplateResult, tools?: TemplateResult): TemplateResult => {
  const id = heading.toLowerCase().replaceAll(' ', '-');
  return html`<section class="card" aria-labelledby=${id}><div class="section-head"><h2 id=${id}>${heading}</h2>${tools}</div>${content}</section>`;
};

const action = (label: string, look: string, call: Call<unknown>, run: () => void, disabled: boolean): TemplateResult => html`
  <span class="action"><button class=${look} ?disabled=${disabled} @click=${run}>${label}</button><rops-copy .call=${call} what=${label.toLowerCase()}></rops-copy></span>`;

const gone = (here: boolean): TemplateResult => html`
  <div class="card"><rops-empty icon="trash" heading=${here ? 'It is deleted' : 'This operation is gone'}>
    ${here ? 'Its input and its result went with it.' : 'It was deleted, or its time was over. The server keeps nothing of it.'} <a href=${hrefs.board}>Go to the board</a></rops-empty></div>`;

const unknown = html`
  <div class="card"><rops-empty icon="search" heading="There is no such operation">
    Perhaps the address has a slip in it, or it was deleted a long time ago. <a href=${hrefs.board}>Go to the board</a></rops-empty></div>`;

customElements.define('rops-operation-page', OperationPage);
