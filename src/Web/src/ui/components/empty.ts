import { html, LitElement, type TemplateResult } from 'lit';
import { base, sheet } from '../styles/sheet.js';
import { icon, type IconName } from './icons.js';
import styles from './empty.css?inline';

/** <rops-empty icon="board" heading="Nothing is running">what to do</rops-empty>: where there is nothing to show. */
export class Empty extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { icon: {}, heading: {} };

  declare icon: IconName;
  declare heading: string;

  constructor() {
    super();
    this.icon = 'board';
    this.heading = '';
  }

  override render(): TemplateResult {
    return html`<div class="mark">${icon(this.icon)}</div><h2>${this.heading}</h2><div class="soft"><slot></slot></div>`;
  }
}

customElements.define('rops-empty', Empty);
