import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { getDelivery, redeliver } from '../api/callbacks.js';
import { send } from '../api/request.js';
import type { Delivery } from '../api/shapes.js';
import { hrefs } from '../app/routes.js';
import { toasts } from '../app/toasts.js';
import '../components/curls.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/time.js';
import { base, sheet } from '../styles/sheet.js';
import { badge, deliveryLooks } from './badge.js';
import shared from './callbacks.css?inline';
import styles from './delivery-row.css?inline';
import { attemptWords, lastAttempt, operationName } from './deliveryWords.js';

/** One message: a line, which opens to all its tries. Event `changed` (bubbles) when it was sent again. */
class DeliveryRow extends LitElement {
  static override styles = [...base, sheet(shared), sheet(styles)];
  static override properties = { delivery: { attribute: false }, open: { state: true }, error: { state: true } };

  declare delivery: Delivery;
  declare open: boolean;
  declare error: unknown;

  override render(): TemplateResult {
    const { state, webhook, operation, attempts, nextAttemptAt, createdAt } = this.delivery;
    const name = operationName(operation ?? '');
    return html`
      <details @toggle=${(event: Event) => { this.open = (event.target as HTMLDetailsElement).open; }}>
        <summary>
          ${icon('chevron')}
          ${badge(deliveryLooks[state])}
          <span class="target"><span class="ellipsis mono" dir="ltr" title=${webhook}>${webhook}</span><span class="ellipsis soft" dir="auto" title=${name?.id ?? ''}>${name?.id ?? 'Test message'}</span></span>
          <span class="last soft"><span>${lastAttempt(this.delivery)}</span>${state === 'pending' && nextAttemptAt && attempts.length > 0 ? html`<span class="next">next try <rops-time .at=${nextAttemptAt}></rops-time></span>` : nothing}</span>
          <span class="tries number soft">${attempts.length === 0 ? nothing : `${attempts.length} ${attempts.length === 1 ? 'try' : 'tries'}`}</span>
          <span class="age number"><rops-time brief .at=${createdAt}></rops-time></span>
        </summary>
        ${this.open ? this.#details() : nothing}
      </details>`;
  }

  #details(): TemplateResult {
    const { id, operation, subscription, attempts, webhook } = this.delivery;
    const name = operationName(operation ?? '');
    return html`
      <div class="details">
        <dl>
          <div><dt>Message</dt><dd><code>${id}</code></dd></div>
          <div><dt>Goes to</dt><dd><code dir="ltr">${webhook}</code></dd></div>
          ${name ? html`<div><dt>Operation</dt><dd><a href=${hrefs.operation(name)} dir="auto">${name.id}</a></dd></div>` : nothing}
          ${subscription ? html`<div><dt>Subscription</dt><dd><a href=${hrefs.deliveriesOf({ subscription: subscription.split('/').at(-1)! })}>All its messages</a></dd></div>` : nothing}
        </dl>
        ${attempts.length > 0 ? html`
          <ol class="attempts" aria-label="Tries">
            ${attempts.map((attempt, index) => html`
              <li class=${attempt.error ? 'bad' : 'good'}>
                <div class="attempt">${icon(attempt.error ? 'failed' : 'succeeded')}<span class="number soft">${index + 1}.</span><span>${attemptWords(attempt)}</span><span class="age"><rops-time .at=${attempt.at}></rops-time></span></div>
                ${attempt.answer ? html`<pre dir="auto" tabindex="0" aria-label="Answer to try ${index + 1}">${attempt.answer}</pre>` : nothing}
              </li>`)}
          </ol>` : nothing}
        ${this.error === undefined ? nothing : html`<rops-problem .error=${this.error}></rops-problem>`}
        <div class="actions"><button class="small" @click=${this.#redeliver}>${icon('retrying')}Redeliver</button><rops-curls .calls=${[['Redeliver', redeliver(id)], ['Read', getDelivery(id)]]}></rops-curls></div>
      </div>`;
  }

  async #redeliver(): Promise<void> {
    this.error = undefined;
    try {
      await send(redeliver(this.delivery.id));
      toasts.show({ text: 'It goes out again.' });
      this.dispatchEvent(new CustomEvent('changed', { bubbles: true, composed: true }));
    } catch (error) {
      this.error = error;
    }
  }
}

customElements.define('rops-delivery', DeliveryRow);
