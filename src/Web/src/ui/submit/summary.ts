import { html, nothing, type TemplateResult } from 'lit';
import type { Fault } from './faults.js';

/** All that is wrong, each with the way to it. */
export function summary(faults: readonly Fault[], go: (id: string) => void): TemplateResult | typeof nothing {
  return faults.length === 0 ? nothing : html`
    <div class="summary" role="alert">
      <h2>${faults.length === 1 ? 'One thing is' : `${faults.length} things are`} not right. Nothing was started.</h2>
      <ul>${faults.map(({ id, place, detail }) => html`<li>${id === undefined ? html`<strong dir="auto">${place}</strong>` : html`<a href="#${id}" @click=${(event: Event) => {
        event.preventDefault();
        go(id);
      }}>${place}</a>`} <span dir="auto">${detail}</span></li>`)}</ul>
    </div>`;
}
