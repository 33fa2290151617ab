import { html, LitElement, svg, type TemplateResult } from 'lit';
import { base, sheet } from '../styles/sheet.js';
import { sparkPath } from './sparkPath.js';

/** <rops-sparkline .values=${[1, 2, undefined, 4]} label="Ended per second">: a small curve from zero to its highest value. */
export class Sparkline extends LitElement {
  static override styles = [...base, sheet(`
    :host { width: 7.5rem; height: 1.75rem }
    svg { display: block; width: 100%; height: 100%; overflow: visible }
    .line { fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round }
    .area { fill: var(--accent); opacity: .1 }`)];

  static override properties = { values: { attribute: false }, label: {} };

  declare values: readonly (number | undefined)[];
  declare label: string;

  constructor() {
    super();
    this.values = [];
    this.label = '';
  }

  override render(): TemplateResult {
    const { line, area } = sparkPath(this.values, 100, 28);
    return html`<svg viewBox="0 0 100 28" preserveAspectRatio="none" role="img" aria-label=${this.label}>${svg`<path class="area" d=${area}/><path class="line" d=${line}/>`}</svg>`;
  }
}

customElements.define('rops-sparkline', Sparkline);
