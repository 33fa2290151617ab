import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { listDeliveries, redeliverAll } from '../api/callbacks.js';
import { listed } from '../api/pages.js';
import { send } from '../api/request.js';
import type { DeliveryFilter, DeliveryState } from '../api/shapes.js';
import { confirm } from '../app/confirm.js';
import { router } from '../app/router.js';
import { toasts } from '../app/toasts.js';
import '../components/copy.js';
import '../components/empty.js';
import { count } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/skeleton.js';
import { Polling } from '../live/polling.js';
import { base, sheet } from '../styles/sheet.js';
import { deliveryLooks } from './badge.js';
import shared from './callbacks.css?inline';
import styles from './deliveries-section.css?inline';
import './delivery-row.js';
import { operationName } from './deliveryWords.js';

const page = 50;

/** Every message and its tries, newest first. What is filtered by stands in the address. */
class DeliveriesSection extends LitElement {
  static override styles = [...base, sheet(shared), sheet(styles)];
  static override properties = { filter: { state: true }, most: { state: true }, error: { state: true } };

  declare filter: DeliveryFilter;
  declare most: number;
  declare error: unknown;
  readonly #list = new Polling(this, signal => listed(place => listDeliveries({ ...this.filter, ...place }), ({ deliveries }) => deliveries, this.most, signal));

  readonly #moved = (): void => this.#show(filterOf(router.query));

  constructor() {
    super();
    this.filter = filterOf(router.query);
    this.most = page;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener('query', this.#moved);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener('query', this.#moved);
  }

  override render(): TemplateResult {
    const { value, error } = this.#list;
    const { state = '' } = this.filter;
    return html`
      <div class="tools">
        <div class="states" role="group" aria-label="State">
          ${(['', ...Object.keys(deliveryLooks)] as (DeliveryState | '')[]).map(one => html`<button class="small" aria-pressed=${one === state} @click=${() => this.#filterBy({ ...this.filter, state: one })}>${one ? deliveryLooks[one][2] : 'All'}</button>`)}
        </div>
        ${this.#chip('subscription', 'of one subscription')}
        ${this.#chip('operation', `of ${operationName(this.filter.operation ?? '')?.id ?? 'one operation'}`)}
        <span class="push actions">
          <rops-copy .call=${listDeliveries(this.filter)} what="list the deliveries" label="curl"></rops-copy>
          ${state === '' || state === 'dead' ? html`<button @click=${this.#redeliverDead}>Redeliver all dead</button><rops-copy .call=${redeliverAll({ ...this.filter, state: 'dead' })} what="redeliver all dead"></rops-copy>` : nothing}
        </span>
      </div>
      <rops-problem .error=${this.error ?? error} @again=${() => this.#list.again()}></rops-problem>
      ${value === undefined ? error === undefined ? html`<rops-skeleton lines="9" label="Loading the deliveries"></rops-skeleton>` : nothing
        : value.items.length === 0 ? this.#empty()
          : html`
            <ul class="card rows" @changed=${() => this.#list.again()}>${repeat(value.items, ({ id }) => id, one => html`<li><rops-delivery .delivery=${one}></rops-delivery></li>`)}</ul>
            ${value.more ? html`<div class="more"><button @click=${this.#more}>Show more</button></div>` : nothing}`}`;
  }

  #chip(name: 'subscription' | 'operation', words: string): unknown {
    return this.filter[name] ? html`<span class="chip" dir="auto"><span class="ellipsis">${words}</span><button class="small plain icon-only" aria-label="Show all, not only ${words}" @click=${() => this.#filterBy({ ...this.filter, [name]: '' })}>${icon('close')}</button></span>` : nothing;
  }

  #empty(): TemplateResult {
    switch (this.filter.state) {
      case 'dead':
        return html`<rops-empty icon="succeeded" heading="Nothing is dead">Messages come here when all tries have failed, and wait for 30 days to be redelivered.</rops-empty>`;
      case undefined:
      case '':
        return html`<rops-empty icon="callbacks" heading="No message has been recorded yet">Give a submission a webhook, or subscribe: each message and its tries appear here.</rops-empty>`;
      default:
        return html`<rops-empty icon="search" heading="No message is in this state"><button @click=${() => this.#filterBy({ ...this.filter, state: '' })}>Show all</button></rops-empty>`;
    }
  }

  #filterBy(filter: DeliveryFilter): void {
    router.setQuery(new URLSearchParams(Object.entries(filter).filter(([, value]) => value) as [string, string][]));
    this.#show(filter);
  }

  #show(filter: DeliveryFilter): void {
    this.filter = filter;
    this.most = page;
    this.error = undefined;
    this.#list.restart();
  }

  readonly #more = (): void => {
    this.most += page;
    void this.#list.again();
  };

  readonly #redeliverDead = async (): Promise<void> => {
    const filter: DeliveryFilter = { ...this.filter, state: 'dead' };
    this.error = undefined;
    try {
      const { items, more } = await listed(place => listDeliveries({ ...filter, ...place }), ({ deliveries }) => deliveries, 1_000, new AbortController().signal);
      const many = `${more ? 'More than ' : ''}${count(items.length)}`;
      if (items.length === 0) {
        toasts.show({ text: 'Nothing is dead here.' });
      } else if (await confirm({ title: 'Redeliver all dead messages?', text: `${many} ${items.length === 1 ? 'message goes' : 'messages go'} out again, each with all tries before it.`, action: `Redeliver ${more ? 'all' : count(items.length)}` })) {
        toasts.show({ text: `${count(await send(redeliverAll(filter)))} redelivered.` });
        void this.#list.again();
      }
    } catch (error) {
      this.error = error;
    }
  };
}

function filterOf(query: URLSearchParams): DeliveryFilter {
  const state = query.get('state') ?? '';
  return { state: state in deliveryLooks ? state as DeliveryState : '', subscription: query.get('subscription') ?? '', operation: query.get('operation') ?? '' };
}

customElements.define('rops-deliveries', DeliveriesSection);
