import { html, nothing, type TemplateResult } from 'lit';
import { operationTypes } from '../api/operations.js';
import { send } from '../api/request.js';
import type { OperationType } from '../api/shapes.js';
import { Page } from '../app/page.js';
import { router } from '../app/router.js';
import '../components/empty.js';
import '../components/problem.js';
import '../components/skeleton.js';
import { base, sheet } from '../styles/sheet.js';
import { lastType } from './remembered.js';
import './submit-form.js';
import styles from './submit-page.css?inline';

/** Chooses the type; the rest is the form's. */
class SubmitPage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { types: { state: true }, chosen: { state: true }, error: { state: true } };

  readonly heading = 'Submit';
  declare types: readonly OperationType[] | undefined;
  declare chosen: string | undefined;
  declare error: unknown;
  readonly #query = (): void => this.#choose(router.query.get('type') ?? undefined);

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener('query', this.#query);
    this.#query();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener('query', this.#query);
  }

  override render(): TemplateResult {
    const { types } = this;
    const type = types?.find(({ name }) => name === this.chosen);
    return html`
      <div class="page">
        <div class="page-head">
          <h1 tabindex="-1">Submit</h1>
          ${types?.length ? html`<div class="type"><label for="type">Type</label><select id="type" @change=${this.#changed}>
            ${type ? nothing : html`<option selected disabled>${this.chosen ?? 'Choose …'}</option>`}
            ${types.map(({ name }) => html`<option ?selected=${name === this.chosen}>${name}</option>`)}
          </select></div>` : nothing}
        </div>
        <rops-problem .error=${this.error} @again=${this.#load}></rops-problem>
        ${types ? this.#content(types, type) : this.error === undefined ? html`<rops-skeleton lines="6" label="Loading the types of operations"></rops-skeleton>` : nothing}
      </div>`;
  }

  #content(types: readonly OperationType[], type: OperationType | undefined): TemplateResult {
    if (type) {
      return html`<rops-submit-form .type=${type}></rops-submit-form>`;
    }

    return types.length === 0
      ? html`<rops-empty icon="submit" heading="There is nothing to submit">This server has no types of operations that you may submit.</rops-empty>`
      : html`<rops-empty icon="search" heading="There is no such type">This server does not know “${this.chosen}”. Choose another type above.</rops-empty>`;
  }

  async #load(): Promise<void> {
    this.error = undefined;
    try {
      const types = (await send(operationTypes())).filter(({ route }) => route === undefined);
      this.types = types;
      const last = lastType();
      this.chosen ??= types.some(({ name }) => name === last) ? last : (types.find(({ inputSchema }) => inputSchema !== undefined) ?? types[0])?.name;
    } catch (error) {
      this.error = error;
    }
  }

  #changed(event: Event): void {
    const type = (event.target as HTMLSelectElement).value;
    router.setQuery(new URLSearchParams({ type }));
    this.#choose(type);
  }

  #choose(type: string | undefined): void {
    this.chosen = type ?? this.chosen;
  }
}

customElements.define('rops-submit-page', SubmitPage);
