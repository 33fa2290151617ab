import { html, type TemplateResult } from 'lit';
import '../components/empty.js';
import { base, sheet } from '../styles/sheet.js';
import { Page } from './page.js';
import { hrefs } from './routes.js';

class NotFound extends Page {
  static override styles = [...base, sheet('code { overflow-wrap: anywhere } p + p { margin-top: var(--space-4) }')];
  readonly heading = 'No such page';

  override render(): TemplateResult {
    return html`
      <h1 class="hidden" tabindex="-1">No such page</h1>
      <rops-empty icon="search" heading="There is no such page">
        <p>Nothing is at <code dir="auto">${location.pathname}</code>. Perhaps the address has a slip in it.</p>
        <p><a class="button" href=${hrefs.board}>Go to the board</a></p>
      </rops-empty>`;
  }
}

customElements.define('rops-not-found', NotFound);
