import { html, LitElement, type TemplateResult } from 'lit';
import { ProblemError } from '../../client/index.js';
import { base, sheet } from '../styles/sheet.js';
import { icon } from './icons.js';
import styles from './problem.css?inline';
import { explain } from './words.js';

/** <rops-problem .error=${error} @again=${this.load}>: what went wrong, in plain words, and what to do. Event `again` when the person wants another try. */
export class ProblemNote extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { error: { attribute: false } };

  declare error: unknown;

  override render(): TemplateResult | string {
    if (this.error === undefined) {
      return '';
    }

    const { title, text, again } = explain(this.error);
    const problem = this.error instanceof ProblemError ? this.error.problem : undefined;
    return html`
      <div class="note" role="alert">
        ${icon('failed')}
        <div class="words">
          <h3>${title}</h3>
          <p dir="auto">${text}</p>
          ${problem?.errors?.length ? html`<ul>${problem.errors.map(({ pointer, detail }) => html`<li><code>${pointer || '/'}</code> <span dir="auto">${detail}</span></li>`)}</ul>` : ''}
          ${problem?.traceId ? html`<p class="faint trace">Trace <code>${problem.traceId}</code></p>` : ''}
        </div>
        ${again ? html`<button class="small" @click=${this.#again}>Try again</button>` : ''}
      </div>`;
  }

  #again(): void {
    this.dispatchEvent(new Event('again'));
  }
}

customElements.define('rops-problem', ProblemNote);
