import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { listMailboxes } from '../api/callbacks.js';
import { listed } from '../api/pages.js';
import { router } from '../app/router.js';
import { hrefs } from '../app/routes.js';
import '../components/copy.js';
import '../components/empty.js';
import { count } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/skeleton.js';
import { Polling } from '../live/polling.js';
import { base, sheet } from '../styles/sheet.js';
import shared from './callbacks.css?inline';
import styles from './mailboxes-section.css?inline';

const most = 1_000;

class MailboxesSection extends LitElement {
  static override styles = [...base, sheet(shared), sheet(styles)];
  readonly #list = new Polling(this, signal => listed(listMailboxes, ({ mailboxes }) => mailboxes, most, signal));

  override render(): TemplateResult {
    const { value, error } = this.#list;
    return html`
      <div class="tools">
        <p class="soft">For clients that nothing can reach: messages wait here until they are fetched.</p>
        <form class="push actions" @submit=${this.#open}>
          <rops-copy .call=${listMailboxes()} what="list the mailboxes" label="curl"></rops-copy>
          <input name="name" aria-label="Name of a mailbox" placeholder="Name" required autocomplete="off" spellcheck="false"><button>Open</button>
        </form>
      </div>
      <rops-problem .error=${error} @again=${() => this.#list.again()}></rops-problem>
      ${value === undefined ? error === undefined ? html`<rops-skeleton lines="5" label="Loading the mailboxes"></rops-skeleton>` : nothing
        : value.items.length === 0
          ? html`<rops-empty icon="mailbox" heading="There is no mailbox yet">Name one as the webhook of a submission or a subscription: <code>mailbox:orders</code></rops-empty>`
          : html`<ul class="card boxes">${value.items.map(({ name, pending }) => html`
              <li><a href=${hrefs.mailbox(name)}>${icon('mailbox')}<span class="ellipsis name" dir="auto">${name}</span><span class="number ${pending > 0 ? 'some' : 'soft'}">${pending > 0 ? `${count(pending)} pending` : 'empty'}</span>${icon('chevron')}</a></li>`)}</ul>`}`;
  }

  #open(event: SubmitEvent): void {
    event.preventDefault();
    router.go(hrefs.mailbox(String(new FormData(event.target as HTMLFormElement).get('name')).trim()));
  }
}

customElements.define('rops-mailboxes', MailboxesSection);
