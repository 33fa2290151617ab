import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { changeSubscription, deleteSubscription, pauseSubscription, resumeSubscription, rotateSecret, testSubscription } from '../api/callbacks.js';
import type { Call } from '../api/call.js';
import { send } from '../api/request.js';
import type { Delivery, Subscription } from '../api/shapes.js';
import { confirm } from '../app/confirm.js';
import { hrefs } from '../app/routes.js';
import { toasts } from '../app/toasts.js';
import '../components/curls.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/time.js';
import { stateWords } from '../components/words.js';
import { base, sheet } from '../styles/sheet.js';
import { badge, subscriptionLooks } from './badge.js';
import shared from './callbacks.css?inline';
import { showSecret } from './secret-dialog.js';
import styles from './subscription-card.css?inline';
import { askSubscription } from './subscription-dialog.js';
import { changeOf, fieldsOf } from './subscriptionForm.js';
import './test-outcome.js';

/** One subscription and what can be done with it. Event `changed` (bubbles) when something was. */
class SubscriptionCard extends LitElement {
  static override styles = [...base, sheet(shared), sheet(styles)];
  static override properties = { subscription: { attribute: false }, busy: { state: true }, error: { state: true }, test: { state: true } };

  declare subscription: Subscription;
  declare busy: boolean;
  declare error: unknown;
  declare test: Delivery | undefined;

  override render(): TemplateResult {
    const { subscription: one, busy } = this;
    const { id } = one;
    return html`
      <article class="card" aria-labelledby="webhook">
        <div class="head">
          <h2 id="webhook" class="ellipsis" dir="ltr" title=${one.webhook}>${one.webhook}</h2>
          ${badge(subscriptionLooks[one.state])}
        </div>
        <div class="chips">${this.#filters()}</div>
        ${one.state === 'disabled' ? html`<p class="note">Switched off: ${(one.disabledReason ?? 'its target failed').replace(/\.$/, '')}. Messages are kept for 30 days; they are sent when it is resumed.</p>`
          : one.state === 'paused' ? html`<p class="note">While it is paused messages are kept, of the changes of an operation only the newest. They are sent when it is resumed.</p>`
            : one.failingSince ? html`<p class="note">Every try has failed since <rops-time .at=${one.failingSince}></rops-time>. After five days it is switched off.</p>` : nothing}
        ${this.error === undefined ? nothing : html`<rops-problem .error=${this.error}></rops-problem>`}
        ${this.test ? html`<div class="note test"><rops-test-outcome .delivery=${this.test}></rops-test-outcome><button class="small plain icon-only" aria-label="Hide the test" @click=${() => { this.test = undefined; }}>${icon('close')}</button></div>` : nothing}
        <div class="actions">
          <button class="small plain" ?disabled=${busy} @click=${this.#sendTest}>Send a test</button>
          ${one.state === 'active'
            ? html`<button class="small plain" ?disabled=${busy} @click=${() => this.#do(pauseSubscription(id))}>Pause</button>`
            : html`<button class="small plain" ?disabled=${busy} @click=${() => this.#do(resumeSubscription(id))}>Resume</button>`}
          <button class="small plain" ?disabled=${busy} @click=${this.#edit}>Edit</button>
          <button class="small plain" ?disabled=${busy} @click=${this.#rotate}>Replace the secret</button>
          <button class="small plain danger" ?disabled=${busy} @click=${this.#delete}>Delete</button>
          <rops-curls .calls=${this.#calls()}></rops-curls>
          <a href=${hrefs.deliveriesOf({ subscription: id })} aria-label="Deliveries of ${one.webhook}">Deliveries</a>
        </div>
      </article>`;
  }

  #filters(): TemplateResult {
    const { events, types = [], states = [], tags = {}, expiresAt, createdAt } = this.subscription;
    const everything = types.length + states.length + Object.keys(tags).length === 0;
    return html`
      <span class="chip">${events === 'changes' ? 'Every change' : 'Ends only'}</span>
      ${everything ? html`<span class="chip">All operations</span>` : nothing}
      ${types.map(type => html`<span class="chip">${type}</span>`)}
      ${states.map(state => html`<span class="chip">${stateWords[state]}</span>`)}
      ${Object.entries(tags).map(([name, value]) => html`<span class="chip" dir="auto" title="${name}=${value}"><span class="ellipsis">${name}=${value}</span></span>`)}
      ${expiresAt ? html`<span class="chip">Expires <rops-time .at=${expiresAt}></rops-time></span>` : nothing}
      <span class="made faint">made <rops-time .at=${createdAt}></rops-time></span>`;
  }

  #calls(): [string, Call<unknown>][] {
    const { id, state } = this.subscription;
    const { webhook: _, ...filters } = fieldsOf(this.subscription);
    return [
      ['Send a test', testSubscription(id)],
      state === 'active' ? ['Pause', pauseSubscription(id)] : ['Resume', resumeSubscription(id)],
      ['Edit', changeSubscription(id, changeOf(filters))],
      ['Replace the secret', rotateSecret(id)],
      ['Delete', deleteSubscription(id)],
    ];
  }

  async #do<T>(call: Call<T>, then: (answer: T) => void = () => undefined): Promise<void> {
    this.busy = true;
    this.error = undefined;
    try {
      then(await send(call));
      this.dispatchEvent(new CustomEvent('changed', { bubbles: true, composed: true }));
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  readonly #sendTest = (): Promise<void> => this.#do(testSubscription(this.subscription.id), delivery => {
    this.test = delivery;
  });

  readonly #edit = async (): Promise<void> => {
    if (await askSubscription(this.subscription)) {
      this.dispatchEvent(new CustomEvent('changed', { bubbles: true, composed: true }));
    }
  };

  readonly #rotate = async (): Promise<void> => {
    if (await confirm({ title: 'Replace the secret?', text: 'The server makes a new one. The old one signs along for 24 hours, so that the receiver can change over in peace.', action: 'Replace it' })) {
      await this.#do(rotateSecret(this.subscription.id), ({ secret }) => {
        if (secret) {
          void showSecret(secret, 'The old secret signs along for 24 hours.');
        }
      });
    }
  };

  readonly #delete = async (): Promise<void> => {
    if (await confirm({ title: 'Delete this subscription?', text: `${this.subscription.webhook} hears no more. What has not been sent yet is not sent.`, action: 'Delete it', dangerous: true })) {
      await this.#do(deleteSubscription(this.subscription.id), () => toasts.show({ text: 'The subscription is deleted.' }));
    }
  };
}

customElements.define('rops-subscription', SubscriptionCard);
