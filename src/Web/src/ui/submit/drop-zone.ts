import { html, LitElement, type TemplateResult } from 'lit';
import { bytes } from '../components/format.js';
import { icon } from '../components/icons.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './drop-zone.css?inline';

/** <rops-drop-zone .accepts=${['text/csv']} .file=${file} @file=${…}>: a file is dropped here or chosen. */
export class DropZone extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { accepts: { attribute: false }, file: { attribute: false }, locked: { type: Boolean }, over: { type: Boolean, reflect: true } };

  declare accepts: readonly string[];
  declare file: File | undefined;
  /** While it is being sent it stays. */
  declare locked: boolean;
  declare over: boolean;

  constructor() {
    super();
    this.accepts = [];
    this.locked = false;
    this.over = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A file that misses the zone would otherwise replace the page.
    window.addEventListener('dragover', this.#drag);
    window.addEventListener('drop', this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('dragover', this.#drag);
    window.removeEventListener('drop', this.#drop);
  }

  override render(): TemplateResult {
    return html`
      <div class="zone">
        ${icon('submit')}
        ${this.file
          ? html`<p class="chosen"><strong class="ellipsis" dir="auto" title=${this.file.name}>${this.file.name}</strong><span class="soft number">${bytes(this.file.size)}</span></p>`
          : html`<p><strong>Drop a file here</strong><br><span class="soft">${this.accepts.join(', ')}</span></p>`}
        <label class="button"><input type="file" class="hidden" accept=${[...this.accepts, ...this.accepts.includes('text/csv') ? ['.csv'] : []].join(',')} ?disabled=${this.locked} @change=${this.#chosen}>${this.file ? 'Choose another' : 'Choose a file'}</label>
      </div>`;
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  readonly #drag = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      this.over = event.composedPath().includes(this);
    }
  };

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.over = false;
    const file = event.dataTransfer?.files[0];
    if (file) {
      this.#take(file);
    }
  };

  #chosen(event: Event): void {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) {
      this.#take(file);
    }
  }

  #take(file: File): void {
    if (!this.locked) {
      this.dispatchEvent(new CustomEvent('file', { detail: file }));
    }
  }
}

customElements.define('rops-drop-zone', DropZone);
