import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { acknowledge, acknowledgeUpTo, listMailboxes, readMailbox } from '../api/callbacks.js';
import type { Call } from '../api/call.js';
import { listed } from '../api/pages.js';
import { send } from '../api/request.js';
import { hrefs } from '../app/routes.js';
import '../components/copy.js';
import '../components/curls.js';
import '../components/empty.js';
import { count, shortly } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/time.js';
import { everySecond } from '../live/clock.js';
import { MailboxReader, type HeldMessage } from '../live/mailboxReader.js';
import { Polling } from '../live/polling.js';
import { base, sheet } from '../styles/sheet.js';
import shared from './callbacks.css?inline';
import styles from './mailbox-section.css?inline';

const times: readonly [seconds: number, word: string][] = [[30, '30 s'], [120, '2 min'], [600, '10 min']];

/** One mailbox. It only counts until somebody reads: that takes messages from other readers. */
class MailboxSection extends LitElement {
  static override styles = [...base, sheet(shared), sheet(styles)];
  static override properties = { name: {}, error: { state: true } };

  declare name: string;
  declare error: unknown;
  #reader = new MailboxReader('');
  #stop: (() => void) | undefined;
  readonly #changed = (): void => this.requestUpdate();
  readonly #pending = new Polling(this, async signal => (await listed(listMailboxes, ({ mailboxes }) => mailboxes, 1_000, signal)).items.find(({ name }) => name === this.name)?.pending ?? 0, 3_000);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = everySecond(this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#reader.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('name')) {
      this.#reader.stop();
      this.#reader = new MailboxReader(this.name);
      this.#reader.addEventListener('change', this.#changed);
    }
  }

  override render(): TemplateResult {
    const { messages, reading, visibility, error } = this.#reader;
    const pending = this.#pending.value ?? this.#reader.pending;
    return html`
      <div class="tools">
        <a href=${hrefs.mailboxes}>Mailboxes</a><span class="faint" aria-hidden="true">/</span>
        <h2 class="ellipsis" dir="auto" title=${this.name}>${this.name}</h2>
        <span class="soft number" role="status">${pending === undefined ? '' : `${count(pending)} pending`}</span>
        <span class="push actions">
          <label class="soft">Comes again after <select @change=${this.#keepFor}>${times.map(([seconds, word]) => html`<option value=${seconds} ?selected=${seconds === visibility}>${word}</option>`)}</select></label>
          <button @click=${() => this.#reader.once()} ?disabled=${reading}>Read once</button>
          ${reading ? html`<button @click=${() => this.#reader.stop()}>Stop reading</button>` : html`<button class="primary" @click=${() => void this.#reader.start()}>Keep reading</button>`}
        </span>
      </div>
      <p class="note">What is read here no other reader gets for ${times.find(([seconds]) => seconds === visibility)?.[1]}. What is not acknowledged by then comes again, to whoever asks first. An acknowledged message is gone.</p>
      <rops-curls .calls=${[['Read once', readMailbox(this.name, { visibility, pageSize: 20 })], ['Wait for messages', readMailbox(this.name, { visibility, pageSize: 20, wait: 25 })]]}></rops-curls>
      <rops-problem .error=${this.error ?? error ?? this.#pending.error}></rops-problem>
      ${messages.length > 0
        ? html`<ul class="list">${repeat(messages, ({ id }) => id, (message, index) => this.#message(message, index))}</ul>`
        : html`<rops-empty icon="mailbox" heading=${reading ? 'Waiting for messages' : pending ? `${count(pending)} waiting` : 'Nothing waits'}>${reading ? 'They appear here as they come in.' : pending ? 'Read them when you are ready to deal with them.' : html`Send one: give a submission the webhook <code>mailbox:${this.name}</code>`}</rops-empty>`}`;
  }

  #message(message: HeldMessage, index: number): TemplateResult {
    const { id, receivedAt, heldUntil, body, headers } = message;
    const left = heldUntil - Date.now();
    return html`
      <li class="card message">
        <div class="head">
          <span class="mono ellipsis" title=${id}>${id}</span>
          <span class="soft">came <rops-time .at=${receivedAt}></rops-time></span>
          <span class=${left > 0 ? 'soft number' : 'badge waits'}>${left > 0 ? `yours for ${shortly(left)}` : 'may have been given again'}</span>
        </div>
        <pre dir="auto" tabindex="0" aria-label="Body of ${id}">${pretty(body)}</pre>
        <details class="headers"><summary class="soft">Headers</summary><dl>${Object.entries(headers).map(([name, value]) => html`<div><dt class="soft">${name}</dt><dd><code>${value}</code></dd></div>`)}</dl></details>
        <div class="actions">
          <button class="small" @click=${() => this.#do(acknowledge(this.name, id), [id])}>${icon('check')}Acknowledge</button>
          ${index > 0 ? html`<button class="small plain" @click=${() => this.#do(acknowledgeUpTo(this.name, id), this.#reader.messages.slice(0, index + 1).map(other => other.id))}>All up to here (${index + 1})</button>` : nothing}
          <rops-copy .text=${body} what="the body, exactly as it is signed" label="Body"></rops-copy>
          <rops-curls .calls=${[['Acknowledge', acknowledge(this.name, id)], ['All up to here', acknowledgeUpTo(this.name, id)]]}></rops-curls>
        </div>
      </li>`;
  }

  #keepFor(event: Event): void {
    this.#reader.visibility = Number((event.target as HTMLSelectElement).value);
    this.requestUpdate();
  }

  async #do(call: Call, ids: readonly string[]): Promise<void> {
    this.error = undefined;
    try {
      await send(call);
      this.#reader.drop(ids);
      void this.#pending.again();
    } catch (error) {
      this.error = error;
    }
  }
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

customElements.define('rops-mailbox', MailboxSection);
