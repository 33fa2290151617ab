import { html, LitElement, type TemplateResult } from 'lit';
import type { OperationState } from '../../client/index.js';
import { base, sheet } from '../styles/sheet.js';
import { icon } from './icons.js';
import styles from './state.css?inline';
import { stateWords } from './words.js';

/** <rops-state state="failed">: shape, colour and word. Attribute `brief`: the word is for screen readers only. */
export class State extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { state: { reflect: true } };

  declare state: OperationState;

  constructor() {
    super();
    this.state = 'queued';
  }

  override render(): TemplateResult {
    return html`${icon(this.state)}<span class="word">${stateWords[this.state]}</span>`;
  }
}

customElements.define('rops-state', State);
