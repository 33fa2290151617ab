import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ProblemError, type Status } from '../../client/index.js';
import { curl } from '../api/curl.js';
import type { OperationType } from '../api/shapes.js';
import { announce } from '../app/announce.js';
import { router } from '../app/router.js';
import { hrefs } from '../app/routes.js';
import { toasts } from '../app/toasts.js';
import '../components/copy.js';
import '../components/problem.js';
import '../components/progress.js';
import { base, sheet } from '../styles/sheet.js';
import './drop-zone.js';
import { field, members } from './fields.js';
import { Form } from './form.js';
import { faultsOf, type Fault } from './faults.js';
import { isObject, unfinished, write } from './json.js';
import { optionsSchema } from './options.js';
import { parse } from './parse.js';
import { recall, remember } from './remembered.js';
import { fieldOf, initial, type Schema } from './schema.js';
import { sendAlong, stopped, type Sending } from './sending.js';
import { summary } from './summary.js';
import { fileTypes, Naming, submissionOf, takesJson, type Submission } from './submission.js';
import styles from './submit-form.css?inline';

type Mode = 'form' | 'raw' | 'file';
const modes: Record<Mode, string> = { form: 'Form', raw: 'JSON', file: 'File' };
/** What was chosen for a type, for as long as the page lives: nothing else can keep a file. */
const files = new Map<string, File>();

/** The input of one type, its options, and the request that both make. */
class SubmitForm extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { type: { attribute: false }, mode: { state: true }, raw: { state: true }, faults: { state: true }, error: { state: true }, sending: { state: true } };

  declare type: OperationType;
  declare mode: Mode;
  /** The text, in the mode of that name. */
  declare raw: string;
  declare faults: readonly Fault[];
  declare error: unknown;
  declare sending: Sending | undefined;
  #input = new Form('input', true, undefined, () => undefined);
  #options = new Form('options', optionsSchema, undefined, () => undefined);
  #naming = new Naming();
  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.sending) {
      event.preventDefault();
    }
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('beforeunload', this.#leaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('beforeunload', this.#leaving);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('type')) {
      this.#begin(recall(this.type.name));
    }
  }

  override render(): TemplateResult {
    const { sending } = this;
    const submission = this.#submission();
    return html`
      <form novalidate @submit=${this.#submit} @keydown=${this.#key}>
        ${summary(this.faults, id => this.#focus(id))}
        <section class="card part" aria-label="Input">
          <div class="part-head"><h2>Input</h2>${this.#modes()}</div>
          ${this.#content()}
        </section>
        <details class="card part" ?open=${isObject(this.#options.value) && this.#options.value.size > 0}>
          <summary><h2>Options</h2><span class="soft">own id, tags, webhook, when</span></summary>
          <div class="fields">${members(this.#options, [], fieldOf(optionsSchema, optionsSchema))}</div>
        </details>
        <div class="send">
          <rops-problem .error=${this.error} @again=${this.#submit}></rops-problem>
          ${sending ? html`
            <div class="sending">
              <div class="line"><strong>Sending</strong><span class="number soft">${sending.words}</span></div>
              <rops-progress large .value=${sending.percent} state="running" label="Sent"></rops-progress>
            </div>
            <button type="button" @click=${() => sending.stop.abort(stopped)}>Cancel</button>` : html`
            <button class="primary">Submit</button><span class="faint keys" aria-hidden="true"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
            <button type="button" class="plain clear" @click=${this.#clear}>Clear</button>`}
        </div>
      </form>
      <aside>
        ${this.type.description ? html`<p class="about">${this.type.description}</p>` : nothing}
        <div class="part-head"><h2>The same with curl</h2><rops-copy .text=${submission ? command(submission) : ''} what="the command"></rops-copy></div>
        <pre tabindex="0" aria-label="curl command"><code>${submission ? command(submission) : 'Choose a file first.'}</code></pre>
        <p class="faint small-print">PUT under an id: sent twice, it starts once.</p>
      </aside>`;
  }

  #modes(): TemplateResult | typeof nothing {
    const available = this.#available();
    return available.length < 2 ? nothing : html`<div class="segments" role="group" aria-label="How to fill in the input">${available.map(mode => html`<button type="button" class="small" aria-pressed=${mode === this.mode} @click=${() => this.#switch(mode)}>${modes[mode]}</button>`)}</div>`;
  }

  #content(): TemplateResult {
    switch (this.mode) {
      case 'file':
        return html`<rops-drop-zone .accepts=${fileTypes(this.type)} .file=${files.get(this.type.name)} ?locked=${this.sending !== undefined} @file=${this.#chose}></rops-drop-zone>`;
      case 'raw':
        return html`<textarea class="raw mono" aria-label="Input as JSON" data-pointer="input" spellcheck="false" aria-invalid=${this.faults.length > 0} .value=${this.raw} @input=${this.#typedRaw}></textarea>`;
      case 'form': {
        const described = fieldOf(this.#input.schema, this.#input.schema);
        const whole = described.kind === 'object' && (this.#input.value === undefined || isObject(this.#input.value));
        return html`<div class="fields">${whole ? members(this.#input, [], described) : field(this.#input, [], this.#input.schema, 'Input', true)}</div>`;
      }
    }
  }

  #available(): Mode[] {
    const described = this.type.inputSchema === undefined ? 'any' : fieldOf(this.#input.schema, this.#input.schema).kind;
    return [...takesJson(this.type) ? [...described === 'any' ? [] : ['form' as const], 'raw' as const] : [], ...fileTypes(this.type).length > 0 ? ['file' as const] : []];
  }

  #begin(draft: ReturnType<typeof recall>): void {
    const schema = (this.type.inputSchema ?? true) as Schema;
    const changed = (focus: string | undefined): void => this.#changed(focus);
    this.#naming = new Naming();
    this.#options = new Form('options', optionsSchema, draft?.options, changed);
    this.#input = new Form('input', schema, initial(schema, schema, true), changed);
    [this.faults, this.error, this.raw] = [[], undefined, draft?.input ?? ''];
    this.mode = this.#available()[0] ?? 'file';
    if (this.mode === 'form' && draft && !this.#read()) {
      this.mode = 'raw';
    }

    this.mode = this.mode === 'form' && draft?.raw ? 'raw' : this.mode;
    if (this.mode === 'raw' && !draft) {
      this.raw = this.#input.value === undefined ? '' : write(this.#input.value);
    }
  }

  /** Takes the text into the form; not while it is no JSON. */
  #read(): boolean {
    try {
      const value = this.raw.trim() === '' ? undefined : parse(this.raw);
      if (value === undefined || this.#input.value === undefined || write(value) !== write(this.#input.value)) {
        this.#input.value = value;
      }

      return true;
    } catch (error) {
      this.faults = [{ id: 'input', place: 'The input', detail: (error as Error).message }];
      return false;
    }
  }

  #switch(mode: Mode): void {
    this.faults = [];
    this.#input.faults = new Map();
    if (mode === 'raw' && this.mode === 'form') {
      this.raw = this.#input.value === undefined ? '' : write(this.#input.value);
    }

    if (mode === 'form' && this.mode === 'raw' && !this.#read()) {
      this.#focus('input');
      return;
    }

    this.mode = mode;
    this.#changed();
  }

  #typedRaw(event: Event): void {
    this.raw = (event.target as HTMLTextAreaElement).value;
    this.faults = [];
    this.#changed();
  }

  #chose(event: CustomEvent<File>): void {
    files.set(this.type.name, event.detail);
    this.#changed();
  }

  #clear(): void {
    files.delete(this.type.name);
    this.#begin(undefined);
    this.#changed();
  }

  #changed(focus?: string): void {
    this.error = undefined;
    this.requestUpdate();
    remember(this.type.name, { input: this.#text(), raw: this.mode === 'raw', options: this.#options.value });
    if (focus !== undefined) {
      this.#focus(focus);
    }
  }

  #text(): string {
    return this.mode === 'raw' ? this.raw : this.#input.value === undefined ? '' : write(this.#input.value);
  }

  #submission(): Submission | undefined {
    const content = this.mode === 'file' ? files.get(this.type.name) : this.#text();
    return content === undefined ? undefined : submissionOf(this.type, this.#options.value, content, this.#naming);
  }

  /** What this page knows to be wrong before the server does. */
  #check(): Fault[] {
    this.#input.checked = true;
    if (this.mode === 'file') {
      return files.has(this.type.name) ? [] : [{ id: 'file', place: 'The file', detail: 'is missing' }];
    }

    if (this.mode === 'raw') {
      return this.#read() ? [] : [...this.faults];
    }

    return unfinished(this.#input.value).map(({ path, fault }) => ({ id: `input${path.map(part => `/${part}`).join('')}`, place: path.join(' / ') || 'The input', detail: fault }));
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.sending) {
      return;
    }

    const faults = this.#check();
    const submission = this.#submission();
    if (faults.length > 0 || !submission) {
      this.#show(faults);
      return;
    }

    this.#input.faults = this.#options.faults = new Map();
    this.faults = [];
    this.error = undefined;
    try {
      this.#naming.tried(this.type.name, submission.call.query?.toString(), this.mode === 'file' ? submission.content : this.#text());
      this.#done(await sendAlong(submission, sending => {
        this.sending = sending;
      }));
    } catch (error) {
      this.#refused(error);
    }
  };

  #done(status: Status): void {
    announce('Submitted.');
    if (this.isConnected) {
      router.go(hrefs.operation(status));
    } else {
      toasts.show({ text: `${status.id} has been submitted.`, action: { label: 'Show it', run: () => router.go(hrefs.operation(status)) } });
    }
  }

  #refused(error: unknown): void {
    if (error === stopped) {
      announce('Canceled. Nothing was sent to its end.');
      return;
    }

    if (!this.isConnected) {
      toasts.show({ text: `A submission to ${this.type.name} failed. What you typed is still on the page.`, tone: 'failed', action: { label: 'Show it', run: () => router.go(`${hrefs.submit}?type=${this.type.name}`) } });
      return;
    }

    const pointers = new Set([...this.renderRoot.querySelectorAll<HTMLElement>('[data-pointer]')].map(element => element.dataset['pointer']!));
    const faults = error instanceof ProblemError ? faultsOf(error.problem, pointers) : [];
    if (faults.length > 0) {
      this.#show(faults);
    } else {
      this.error = error;
    }
  }

  #show(faults: readonly Fault[]): void {
    this.faults = faults;
    for (const form of [this.#input, this.#options]) {
      const own = faults.filter(({ id }) => id?.startsWith(form.prefix));
      form.faults = new Map(own.map(({ id }) => [id!.slice(form.prefix.length), own.filter(other => other.id === id).map(({ detail }) => detail)]));
    }

    const first = faults.find(({ id }) => id !== undefined)?.id;
    if (first !== undefined) {
      this.#focus(first);
    }
  }

  #focus(id: string): void {
    void this.updateComplete.then(() => {
      const place = id === 'file' ? this.renderRoot.querySelector<HTMLElement>('rops-drop-zone') : this.renderRoot.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(id)}"]`);
      place?.closest('details')?.setAttribute('open', '');
      const control = place?.matches('textarea, rops-drop-zone') ? place : place?.querySelector<HTMLElement>('input, select, textarea, button:not(.remove)');
      control?.focus({ preventScroll: true });
      control?.scrollIntoView({ block: 'center' });
    });
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      (event.currentTarget as HTMLFormElement).requestSubmit();
    }
  }
}

const command = ({ call, file }: Submission): string => curl(call, location.origin, file);

customElements.define('rops-submit-form', SubmitForm);
