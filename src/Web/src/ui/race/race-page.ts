import { html, type TemplateResult } from 'lit';
import { Page } from '../app/page.js';
import '../components/empty.js';

class RacePage extends Page {
  readonly heading = 'Race';

  override render(): TemplateResult {
    return html`
      <div class="page">
        <div class="page-head"><h1 tabindex="-1">Race</h1></div>
        <rops-empty icon="race" heading="Five ways to wait">Poll, long poll, server-sent events, SignalR and callback, side by side.</rops-empty>
      </div>`;
  }
}

customElements.define('rops-race-page', RacePage);
