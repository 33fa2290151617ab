import { html, nothing, type TemplateResult } from 'lit';
import { Page } from '../app/page.js';
import { hrefs, type CallbacksSection } from '../app/routes.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './callbacks-page.css?inline';
import './deliveries-section.js';
import './mailbox-section.js';
import './mailboxes-section.js';
import './subscriptions-section.js';

const words: Record<CallbacksSection, string> = { subscriptions: 'Subscriptions', deliveries: 'Deliveries', mailboxes: 'Mailboxes' };

/** Standing web hooks, every message and its tries, and mailboxes. */
class CallbacksPage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { section: {}, mailbox: {} };

  readonly heading = 'Callbacks';
  declare section: CallbacksSection;
  declare mailbox: string | undefined;

  override render(): TemplateResult {
    return html`
      <div class="page">
        <div class="page-head"><h1 tabindex="-1">Callbacks</h1></div>
        <nav class="sections" aria-label="Callbacks">
          ${Object.entries(words).map(([name, word]) => html`<a href=${hrefs[name as CallbacksSection]} aria-current=${name === this.section ? 'page' : nothing}>${word}</a>`)}
        </nav>
        ${this.#section()}
      </div>`;
  }

  #section(): TemplateResult {
    switch (this.section) {
      case 'subscriptions':
        return html`<rops-subscriptions></rops-subscriptions>`;
      case 'deliveries':
        return html`<rops-deliveries></rops-deliveries>`;
      case 'mailboxes':
        return this.mailbox === undefined ? html`<rops-mailboxes></rops-mailboxes>` : html`<rops-mailbox .name=${this.mailbox}></rops-mailbox>`;
    }
  }
}

customElements.define('rops-callbacks-page', CallbacksPage);
