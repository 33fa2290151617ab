import { isFinal, watch, type Status, type TransportName, type WatchOptions } from '../client/index.js';
import styles from './operation-progress.css?inline';
import { View } from './view.js';

export interface OperationProgressEventMap {
  status: CustomEvent<Status>;
  ended: CustomEvent<Status>;
  error: CustomEvent<unknown>;
  /** null while there is no connection. */
  transport: CustomEvent<TransportName | null>;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

/**
 * Shows an operation's progress to its end: <operation-progress src="STATUS-URI" label="Yearly report"></operation-progress>.
 * Attributes: src, label (or the element's content), transport, shared. The attribute state is set by the element, for style sheets.
 * Parts: header, label, value, track, bar, detail. Events: status, ended, error, transport.
 */
export class OperationProgress extends HTMLElement {
  static readonly observedAttributes = ['src', 'transport', 'shared', 'label'];

  /** Credentials for the requests; set it before src. */
  headers: WatchOptions['headers'];

  #status: Status | undefined;
  #transport: TransportName | undefined;
  #trouble = '';
  #watching: AbortController | undefined;
  #starting = false;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;
  readonly #view: View;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    this.#view = new View(root);
  }

  /** The newest snapshot. */
  get status(): Status | undefined {
    return this.#status;
  }

  /** The transport at work. */
  get activeTransport(): TransportName | undefined {
    return this.#transport;
  }

  connectedCallback(): void {
    this.#restart();
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (name === 'label') {
      this.#view.label(after ?? '');
    } else if (before !== after && this.isConnected) {
      this.#restart();
    }
  }

  /** Several attributes that change together start one watch. */
  #restart(): void {
    if (!this.#starting) {
      this.#starting = true;
      queueMicrotask(() => {
        this.#starting = false;
        this.#stop();
        if (this.isConnected) {
          this.#start();
        }
      });
    }
  }

  #start(): void {
    const src = this.getAttribute('src');
    this.#status = undefined;
    this.#transport = undefined;
    this.#trouble = '';
    this.#render();
    if (!src) {
      return;
    }

    const watching = this.#watching = new AbortController();
    watch(src, {
      transport: (this.getAttribute('transport') ?? 'auto') as TransportName | 'auto',
      shared: this.hasAttribute('shared'),
      signal: watching.signal,
      ...this.headers ? { headers: this.headers } : {},
      onStatus: status => this.#show(status),
      onTransport: transport => {
        this.#transport = transport;
        this.#tellLoss();
        this.#emit('transport', transport ?? null);
      },
      onError: (error, retrying) => {
        if (!retrying) {
          clearTimeout(this.#telling);
          this.#trouble = error instanceof Error ? error.message : String(error);
          this.#render(true);
          this.#emit('error', error);
        }
      },
    });
  }

  /** Most losses are mended before anybody needs to know. */
  #tellLoss(): void {
    clearTimeout(this.#telling);
    this.#trouble = '';
    if (this.#transport) {
      this.#render();
    } else {
      this.#telling = setTimeout(() => {
        this.#trouble = 'Connection lost. Trying again…';
        this.#render();
      }, 1_000);
    }
  }

  #stop(): void {
    clearTimeout(this.#telling);
    clearTimeout(this.#announcing);
    this.#watching?.abort();
    this.#watching = undefined;
  }

  #show(status: Status): void {
    const sawItRun = this.#status !== undefined;
    this.#status = status;
    this.#trouble = '';
    this.#render();
    this.#emit('status', status);
    if (isFinal(status)) {
      if (sawItRun) {
        // Later than the bar's own change, which a screen reader may be speaking; and a page full of operations that had ended before stays silent.
        this.#announcing = setTimeout(() => this.#view.announce(status), 500);
      }

      this.#emit('ended', status);
    }
  }

  #render(broken = false): void {
    const status = this.#status;
    if (status) {
      this.setAttribute('state', status.state);
    } else {
      this.removeAttribute('state');
    }

    this.#view.show(status, this.#trouble, broken);
  }

  #emit<K extends keyof OperationProgressEventMap>(type: K, detail: OperationProgressEventMap[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// A page may load the script twice.
if (!customElements.get('operation-progress')) {
  customElements.define('operation-progress', OperationProgress);
}

declare global {
  interface HTMLElementTagNameMap {
    'operation-progress': OperationProgress;
  }
}
