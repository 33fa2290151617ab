import { html, LitElement, type TemplateResult } from 'lit';
import type { OperationState } from '../../client/index.js';
import { base, sheet } from '../styles/sheet.js';
import { vars } from '../styles/vars.js';
import styles from './progress.css?inline';

/** <rops-progress .value=${64} state="running" label="Yearly report">: a bar. Attribute `large` for a thick one. */
export class Progress extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { value: { type: Number }, state: { reflect: true }, label: {} };

  declare value: number;
  declare state: OperationState;
  declare label: string;

  constructor() {
    super();
    this.value = 0;
    this.state = 'queued';
    this.label = '';
  }

  override render(): TemplateResult {
    return html`<div class="track" role="progressbar" aria-label=${this.label || 'Progress'} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${this.value}>
      <div class="bar" ${vars({ '--value': this.value / 100 })}></div>
    </div>`;
  }
}

customElements.define('rops-progress', Progress);
