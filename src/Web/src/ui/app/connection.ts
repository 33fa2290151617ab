import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { TransportName } from '../../client/index.js';
import { feed, type ConnectionState } from '../live/feed.js';
import { base, sheet } from '../styles/sheet.js';
import { announce } from './announce.js';
import styles from './connection.css?inline';

const transports: Record<TransportName, string> = { signalr: 'WebSocket', sse: 'Server-sent events', longpoll: 'Long polling', poll: 'Polling' };
const words: Record<ConnectionState, string> = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', offline: 'Offline', refused: 'Not connected' };

/** How the page hears of what happens: over which transport, and whether it works. */
class Connection extends LitElement {
  static override styles = [...base, sheet(styles)];
  #told: ConnectionState = 'connecting';

  readonly #changed = (): void => {
    this.requestUpdate();
    const { state } = feed;
    const lost = state === 'offline' && this.#told !== 'offline';
    const back = state === 'live' && this.#told === 'offline';
    if (lost || back) {
      announce(lost ? 'The connection is lost. Trying again.' : 'Connected again.');
    }

    if (lost || state === 'live') {
      this.#told = state;
    }
  };

  override connectedCallback(): void {
    super.connectedCallback();
    feed.addEventListener('connection', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    feed.removeEventListener('connection', this.#changed);
  }

  override render(): TemplateResult {
    const { state, transport, since } = feed;
    const over = state === 'live' && transport ? transports[transport] : undefined;
    return html`<div class="chip ${state}" title="${words[state]}${over ? ` over ${over}` : ''}, since ${new Date(since).toLocaleTimeString()}">
      <span class="dot"></span><span>${words[state]}</span>${over ? html`<span class="over">${over}</span>` : nothing}
    </div>`;
  }
}

customElements.define('rops-connection', Connection);
