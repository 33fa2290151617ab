import { html, LitElement, type TemplateResult } from 'lit';
import { icon } from '../components/icons.js';
import { feed } from '../live/feed.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './offline.css?inline';

/** Below the header, while nothing comes from the server: what is shown stays, and how old it is. */
class Offline extends LitElement {
  static override styles = [...base, sheet(styles)];

  readonly #changed = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    feed.addEventListener('connection', this.#changed);
    window.addEventListener('online', this.#changed);
    window.addEventListener('offline', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    feed.removeEventListener('connection', this.#changed);
    window.removeEventListener('online', this.#changed);
    window.removeEventListener('offline', this.#changed);
  }

  /** The shell leaves it room. */
  override updated(): void {
    (this.getRootNode() as ShadowRoot).host.classList.toggle('away', feed.state === 'offline');
  }

  override render(): TemplateResult | string {
    const away = feed.state === 'offline';
    return away ? html`<p role="status">${icon('offline')}<span class="ellipsis">${navigator.onLine ? 'The server is away' : 'You are offline'}. As of ${new Date(feed.since).toLocaleTimeString()}; it goes on by itself.</span></p>` : '';
  }
}

customElements.define('rops-offline', Offline);
