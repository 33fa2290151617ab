import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { ProblemError, type OperationState } from '../../client/index.js';
import { changeSubscription, subscribe } from '../api/callbacks.js';
import { operationTypes } from '../api/operations.js';
import { send } from '../api/request.js';
import type { Subscription } from '../api/shapes.js';
import '../components/copy.js';
import '../components/problem.js';
import { stateWords } from '../components/words.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './subscription-dialog.css?inline';
import { blank, changeOf, faultsByField, fieldsOf, wishOf, type Field, type Fields } from './subscriptionForm.js';

/** The form of a subscription: a new one, or the filters of one that is there. */
class SubscriptionDialog extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { fields: { state: true }, types: { state: true }, faults: { state: true }, error: { state: true }, busy: { state: true } };

  subscription: Subscription | undefined;
  declare fields: Fields;
  declare types: readonly string[];
  declare faults: Partial<Record<Field, string>>;
  declare error: unknown;
  declare busy: boolean;
  #saved: Subscription | undefined;

  constructor() {
    super();
    this.fields = blank;
    this.types = [];
    this.faults = {};
    this.busy = false;
  }

  async ask(): Promise<Subscription | undefined> {
    this.fields = this.subscription ? fieldsOf(this.subscription) : blank;
    this.types = this.fields.types;
    void this.#loadTypes();
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog')!;
    dialog.showModal();
    await new Promise(resolve => dialog.addEventListener('close', resolve, { once: true }));
    return this.#saved;
  }

  override render(): TemplateResult {
    const { webhook, events, types, states, tags, expiresAt } = this.fields;
    return html`
      <dialog aria-labelledby="title">
        <form novalidate @submit=${this.#save} @input=${this.#typed}>
          <h2 id="title">${this.subscription ? 'Edit the subscription' : 'New subscription'}</h2>
          ${this.subscription
            ? html`<p class="soft">Messages go to <code>${this.subscription.webhook}</code></p>`
            : this.#field('webhook', 'Webhook', 'Where messages are sent: https://… or mailbox:NAME', hints => html`<input id="webhook" name="webhook" type="text" inputmode="url" dir="ltr" .value=${webhook} autofocus autocomplete="off" spellcheck="false" aria-describedby=${hints} aria-invalid=${this.faults.webhook ? 'true' : nothing}>`)}
          ${this.#choices('events', 'Tell of', 'radio', [['completed', 'Ends only'], ['changes', 'Every change, at most one a second']], [events])}
          ${this.types.length > 0 ? this.#choices('types', 'Types (none chosen: all)', 'checkbox', this.types.map(type => [type, type]), types) : nothing}
          ${this.#choices('states', 'States (none chosen: all)', 'checkbox', Object.entries(stateWords).filter(([state]) => events === 'changes' || ['succeeded', 'failed', 'canceled'].includes(state) || states.includes(state as OperationState)), states)}
          ${this.#field('tags', 'Tags', 'One name=value a line; an operation must have all of them', hints => html`<textarea id="tags" name="tags" rows="2" dir="auto" .value=${tags} spellcheck="false" aria-describedby=${hints} aria-invalid=${this.faults.tags ? 'true' : nothing}></textarea>`)}
          ${this.#field('expiresAt', 'Expires', 'Empty: never', hints => html`<input id="expiresAt" name="expiresAt" type="datetime-local" .value=${expiresAt} aria-describedby=${hints} aria-invalid=${this.faults.expiresAt ? 'true' : nothing}>`)}
          <rops-problem .error=${this.error}></rops-problem>
          <div class="actions">
            <rops-copy .call=${this.#call()} what=${this.subscription ? 'change it' : 'subscribe'} label="curl"></rops-copy>
            <button type="button" @click=${this.#close}>Cancel</button>
            <button class="primary" ?disabled=${this.busy}>${this.subscription ? 'Save' : 'Subscribe'}</button>
          </div>
        </form>
      </dialog>`;
  }

  #field(name: Field, label: string, hint: string, control: (hints: string) => TemplateResult): TemplateResult {
    return html`<div class="field"><label for=${name}>${label}</label>${control(`${name}-hint ${name}-fault`)}<p class="hint" id="${name}-hint">${hint}</p>${this.#fault(name)}</div>`;
  }

  #choices(name: Field, label: string, type: 'radio' | 'checkbox', choices: readonly (readonly [value: string, word: string])[], chosen: readonly string[]): TemplateResult {
    return html`
      <fieldset class="field"><legend>${label}</legend>
        <div class="choices">${choices.map(([value, word]) => html`<label class="choice"><input type=${type} name=${name} value=${value} .checked=${chosen.includes(value)}>${word}</label>`)}</div>
        ${this.#fault(name)}
      </fieldset>`;
  }

  #fault(name: Field): TemplateResult {
    return html`<p class="fault" id="${name}-fault" role="alert" dir="auto">${this.faults[name] ?? nothing}</p>`;
  }

  #call() {
    const { subscription, fields } = this;
    return subscription ? changeSubscription(subscription.id, changeOf(fields)) : subscribe(wishOf(fields));
  }

  async #loadTypes(): Promise<void> {
    // Without them the chosen ones are still there.
    const known = await send(operationTypes()).catch(() => []);
    this.types = [...new Set([...known.map(({ name }) => name), ...this.fields.types])].sort();
  }

  #typed(event: Event): void {
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: Field): string => String(data.get(name) ?? '');
    this.fields = {
      webhook: text('webhook'), events: text('events') as Fields['events'], types: data.getAll('types').map(String), states: data.getAll('states') as OperationState[], tags: text('tags'), expiresAt: text('expiresAt'),
    };
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    this.busy = true;
    this.error = undefined;
    this.faults = {};
    try {
      this.#saved = await send(this.#call());
      this.#close();
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.busy = false;
    }
  }

  async #refused(error: unknown): Promise<void> {
    const errors = error instanceof ProblemError ? error.problem.errors ?? [] : [];
    const { at, others } = faultsByField(errors);
    this.faults = at;
    if (errors.length === 0 || others.length > 0) {
      this.error = error;
    }

    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  readonly #close = (): void => this.renderRoot.querySelector('dialog')?.close();
}

customElements.define('rops-subscription-dialog', SubscriptionDialog);

/** Asks for a new subscription, or for other filters of one; answers what the server made of it. */
export async function askSubscription(subscription?: Subscription): Promise<Subscription | undefined> {
  const dialog = new SubscriptionDialog();
  dialog.subscription = subscription;
  document.body.append(dialog);
  try {
    return await dialog.ask();
  } finally {
    dialog.remove();
  }
}
