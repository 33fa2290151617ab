import { html, type TemplateResult } from 'lit';
import { Page } from '../app/page.js';
import '../components/empty.js';

class CallbacksPage extends Page {
  readonly heading = 'Callbacks';

  override render(): TemplateResult {
    return html`
      <div class="page">
        <div class="page-head"><h1 tabindex="-1">Callbacks</h1></div>
        <rops-empty icon="callbacks" heading="Callbacks">Subscriptions, mailboxes and dead letters are at /subscriptions, /mailboxes and /deliveries.</rops-empty>
      </div>`;
  }
}

customElements.define('rops-callbacks-page', CallbacksPage);
