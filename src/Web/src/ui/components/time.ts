import { html, LitElement, type TemplateResult } from 'lit';
import { everySecond, serverNow } from '../live/clock.js';
import { duration, shortly } from './format.js';

/** <rops-time .at=${status.createdAt}>: how long ago it was, or how long until then; goes on by itself. Attribute `brief`: one unit only. */
export class Time extends LitElement {
  static override properties = { at: {}, brief: { type: Boolean } };

  declare at: string | undefined;
  declare brief: boolean;
  #stop: (() => void) | undefined;
  #shown = '';

  constructor() {
    super();
    this.brief = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = everySecond(() => {
      if (this.#words() !== this.#shown) {
        this.requestUpdate();
      }
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override render(): TemplateResult | string {
    this.#shown = this.#words();
    return this.at ? html`<time datetime=${this.at} title=${new Date(this.at).toLocaleString()}>${this.#shown}</time>` : '';
  }

  #words(): string {
    if (!this.at) {
      return '';
    }

    const ms = serverNow() - Date.parse(this.at);
    if (this.brief) {
      return shortly(Math.abs(ms));
    }

    if (Math.abs(ms) < 1_500) {
      return 'now';
    }

    const text = duration(Math.round(Math.abs(ms) / 1_000) * 1_000).replace('.0 s', ' s');
    return ms < 0 ? `in ${text}` : `${text} ago`;
  }
}

customElements.define('rops-time', Time);
