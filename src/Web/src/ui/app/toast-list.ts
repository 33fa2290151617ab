import { html, LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../components/icons.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './toast-list.css?inline';
import { toasts, type Toast } from './toasts.js';

class ToastList extends LitElement {
  static override styles = [...base, sheet(styles)];

  readonly #changed = (): void => this.requestUpdate();
  readonly #settle = (): void => toasts.settle();

  override connectedCallback(): void {
    super.connectedCallback();
    toasts.addEventListener('change', this.#changed);
    window.addEventListener('pagehide', this.#settle);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    toasts.removeEventListener('change', this.#changed);
    window.removeEventListener('pagehide', this.#settle);
  }

  override render(): TemplateResult {
    return html`<div role="status" aria-live="polite" aria-label="Messages">${repeat(toasts.shown, toast => toast, one)}</div>`;
  }
}

const one = (toast: Toast): TemplateResult => html`
  <div class="toast ${toast.tone ?? 'plain'}" @pointerenter=${() => toasts.hold(toast)} @pointerleave=${() => toasts.resume(toast)} @focusin=${() => toasts.hold(toast)} @focusout=${() => toasts.resume(toast)}>
    ${toast.tone === 'failed' ? icon('failed') : ''}
    <span dir="auto">${toast.text}</span>
    ${toast.action ? html`<button class="small" @click=${() => toasts.act(toast)}>${toast.action.label}</button>` : ''}
    <button class="small plain icon-only" aria-label="Dismiss" @click=${() => toasts.dismiss(toast)}>${icon('close')}</button>
  </div>`;

customElements.define('rops-toasts', ToastList);
