import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { redeliver } from '../api/callbacks.js';
import { send } from '../api/request.js';
import type { Delivery } from '../api/shapes.js';
import { toasts } from '../app/toasts.js';
import '../components/copy.js';
import { duration } from '../components/format.js';
import { icon, type IconName } from '../components/icons.js';
import '../components/time.js';
import { explain } from '../components/words.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './delivery-list.css?inline';
import { reasonOf } from './historyWords.js';

const states: Record<Delivery['state'], { word: string; icon: IconName }> = {
  pending: { word: 'On its way', icon: 'retrying' },
  delivered: { word: 'Delivered', icon: 'succeeded' },
  dead: { word: 'Given up', icon: 'failed' },
  refused: { word: 'Not allowed', icon: 'failed' },
};

/** <delivery-list .deliveries @redelivered>: the messages to web hooks, each with its tries. */
class DeliveryList extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { deliveries: { attribute: false }, busy: { state: true } };

  declare deliveries: readonly Delivery[];
  /** What is being sent again. */
  declare busy: string;

  override render(): TemplateResult {
    return html`<ul>${repeat(this.deliveries, ({ id }) => id, delivery => this.#delivery(delivery))}</ul>`;
  }

  #delivery({ id, webhook, state, attempts, nextAttemptAt }: Delivery): TemplateResult {
    return html`
      <li class=${state}>
        <div class="head">
          <span class="state">${icon(states[state].icon)}${states[state].word}</span>
          <code class="ellipsis" title=${webhook}>${webhook}</code>
          <span class="tools"><button class="small" ?disabled=${this.busy === id} @click=${() => this.#redeliver(id)}>Redeliver</button><rops-copy .call=${redeliver(id)} what="redeliver"></rops-copy></span>
        </div>
        ${attempts.length > 0 ? html`
          <table>
            <thead class="hidden"><tr><th scope="col">When</th><th scope="col">Answer</th><th scope="col">Took</th></tr></thead>
            <tbody>${attempts.map(attempt => html`
              <tr>
                <td class="when"><rops-time at=${attempt.at}></rops-time></td>
                <td><span class=${attempt.status !== undefined && attempt.status < 300 ? 'good' : 'bad'}>${attempt.status ?? reasonOf(attempt.error ?? 'no answer')}</span>
                  ${attempt.answer ? html`<code class="answer" dir="auto">${attempt.answer}</code>` : nothing}</td>
                <td class="took number">${duration(attempt.durationMs)}</td>
              </tr>`)}</tbody>
          </table>` : nothing}
        ${state === 'pending' && nextAttemptAt ? html`<p class="soft next">Next attempt <rops-time at=${nextAttemptAt}></rops-time></p>` : nothing}
      </li>`;
  }

  async #redeliver(id: string): Promise<void> {
    this.busy = id;
    try {
      await send(redeliver(id));
      this.dispatchEvent(new Event('redelivered'));
      toasts.show({ text: 'It is sent again.' });
    } catch (error) {
      toasts.show({ text: explain(error).text, tone: 'failed' });
    } finally {
      this.busy = '';
    }
  }
}

customElements.define('delivery-list', DeliveryList);
