import { html, LitElement, type TemplateResult } from 'lit';
import { getDelivery } from '../api/callbacks.js';
import { send } from '../api/request.js';
import type { Delivery } from '../api/shapes.js';
import '../components/time.js';
import { Polling } from '../live/polling.js';
import { base, sheet } from '../styles/sheet.js';
import { badge, deliveryLooks } from './badge.js';
import shared from './callbacks.css?inline';
import { lastAttempt } from './deliveryWords.js';

/** <rops-test-outcome .delivery=${answer}>: what becomes of a test message. */
class TestOutcome extends LitElement {
  static override styles = [...base, sheet(shared), sheet(':host { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-3); align-items: center }')];
  static override properties = { delivery: { attribute: false } };

  declare delivery: Delivery;
  readonly #newest = new Polling(this, async signal => (this.#known.state === 'delivered' ? this.#known : send(getDelivery(this.delivery.id), { signal })), 1_000);

  get #known(): Delivery {
    const { value } = this.#newest;
    return value?.id === this.delivery.id ? value : this.delivery;
  }

  override render(): TemplateResult {
    const known = this.#known;
    return html`<span class="soft">Test message</span>${badge(deliveryLooks[known.state])}<span role="status">${lastAttempt(known)}</span>
      ${known.state === 'pending' && known.attempts.length > 0 && known.nextAttemptAt ? html`<span class="soft">next try <rops-time .at=${known.nextAttemptAt}></rops-time></span>` : ''}`;
  }
}

customElements.define('rops-test-outcome', TestOutcome);
