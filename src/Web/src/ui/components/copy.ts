import { html, LitElement, type TemplateResult } from 'lit';
import { announce } from '../app/announce.js';
import type { Call } from '../api/call.js';
import { curl } from '../api/curl.js';
import { base, sheet } from '../styles/sheet.js';
import { icon } from './icons.js';

/** <rops-copy .call=${cancelOperation(status)} what="cancel">: copies the curl command. With `.text` it copies that instead. */
export class Copy extends LitElement {
  static override styles = [...base, sheet(':host { display: inline-block }')];
  static override properties = { call: { attribute: false }, text: {}, what: {}, label: {}, copied: { state: true } };

  declare call: Call<unknown> | undefined;
  declare text: string | undefined;
  /** What the command does, for those who hear the button. */
  declare what: string;
  /** Shown on the button. */
  declare label: string;
  declare copied: boolean;

  constructor() {
    super();
    this.what = '';
    this.label = '';
    this.copied = false;
  }

  override render(): TemplateResult {
    const title = this.text === undefined ? `Copy as curl${this.what ? `: ${this.what}` : ''}` : `Copy${this.what ? ` ${this.what}` : ''}`;
    return html`<button class="small plain ${this.label ? '' : 'icon-only'}" aria-label=${title} title=${title} @click=${this.#copy}>${icon(this.copied ? 'check' : 'copy')}${this.label}</button>`;
  }

  async #copy(): Promise<void> {
    const text = this.text ?? (this.call ? curl(this.call, location.origin) : '');
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages without TLS, and people who refuse, still get the text.
      window.prompt('Copy this:', text);
      return;
    }

    announce('Copied.');
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 1_500);
  }
}

customElements.define('rops-copy', Copy);
