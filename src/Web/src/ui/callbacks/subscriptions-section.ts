import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { listSubscriptions } from '../api/callbacks.js';
import { listed } from '../api/pages.js';
import { toasts } from '../app/toasts.js';
import '../components/copy.js';
import '../components/empty.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/skeleton.js';
import { Polling } from '../live/polling.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './callbacks.css?inline';
import { showSecret } from './secret-dialog.js';
import './subscription-card.js';
import { askSubscription } from './subscription-dialog.js';

/** More than a server keeps for a caller. */
const most = 10_000;

class SubscriptionsSection extends LitElement {
  static override styles = [...base, sheet(styles)];
  readonly #list = new Polling(this, signal => listed(listSubscriptions, page => page.subscriptions, most, signal));

  override render(): TemplateResult {
    const { value, error } = this.#list;
    return html`
      <div class="tools">
        <p class="soft">Told of every operation that fits, whoever submits it.</p>
        <span class="push actions"><rops-copy .call=${listSubscriptions()} what="list the subscriptions" label="curl"></rops-copy><button class="primary" @click=${this.#subscribe}>${icon('plus')}New subscription</button></span>
      </div>
      <rops-problem .error=${error} @again=${() => this.#list.again()}></rops-problem>
      ${value === undefined ? error === undefined ? html`<rops-skeleton lines="6" label="Loading the subscriptions"></rops-skeleton>` : nothing
        : value.items.length === 0
          ? html`<rops-empty icon="callbacks" heading="Nobody has subscribed yet">A subscription sends the Status of each operation that fits to a web hook or a mailbox, signed, at least once.</rops-empty>`
          : html`<ul class="list" @changed=${() => this.#list.again()}>${repeat(value.items, ({ id }) => id, one => html`<li><rops-subscription .subscription=${one}></rops-subscription></li>`)}</ul>`}`;
  }

  async #subscribe(): Promise<void> {
    const made = await askSubscription();
    if (made) {
      void this.#list.again();
      if (made.secret) {
        await showSecret(made.secret);
      } else {
        toasts.show({ text: 'Subscribed. Its messages are signed with the server\'s own secret.' });
      }
    }
  }
}

customElements.define('rops-subscriptions', SubscriptionsSection);
