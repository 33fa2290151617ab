import { html, LitElement, type TemplateResult } from 'lit';
import { base, sheet } from '../styles/sheet.js';
import styles from './skeleton.css?inline';

/** <rops-skeleton lines="4" label="Loading the history">: what is on its way. It shows itself only when that takes a while. */
export class Skeleton extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { lines: { type: Number }, label: {} };

  declare lines: number;
  declare label: string;

  constructor() {
    super();
    this.lines = 3;
    this.label = 'Loading';
  }

  override render(): TemplateResult {
    return html`<span class="hidden" role="status">${this.label}</span>${Array.from({ length: this.lines }, () => html`<div class="line"></div>`)}`;
  }
}

customElements.define('rops-skeleton', Skeleton);
