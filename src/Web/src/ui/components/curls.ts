import { html, LitElement, type TemplateResult } from 'lit';
import type { Call } from '../api/call.js';
import { curl } from '../api/curl.js';
import { base, sheet } from '../styles/sheet.js';
import './copy.js';
import styles from './curls.css?inline';
import { icon } from './icons.js';

/** <rops-curls .calls=${[['Pause', pauseSubscription(id)], …]}>: the commands of all actions of a thing, folded away. Beside one button stands a <rops-copy> instead. */
export class Curls extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { calls: { attribute: false }, open: { type: Boolean, reflect: true } };

  declare calls: readonly (readonly [what: string, call: Call<unknown>])[];
  declare open: boolean;

  constructor() {
    super();
    this.calls = [];
    this.open = false;
  }

  override render(): TemplateResult {
    return html`
      <details @toggle=${(event: Event) => { this.open = (event.target as HTMLDetailsElement).open; }}>
        <summary>${icon('chevron')}curl</summary>
        ${this.open ? html`<dl>${this.calls.map(([what, call]) => {
          const command = curl(call, location.origin);
          return html`<div><dt class="soft">${what}</dt><dd class="ellipsis" title=${command}><code>${command}</code></dd><dd class="copy"><rops-copy .text=${command} what="the command: ${what}"></rops-copy></dd></div>`;
        })}</dl>` : ''}
      </details>`;
  }
}

customElements.define('rops-curls', Curls);
