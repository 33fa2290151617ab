import { isFinal, watch, type Status, type TransportName, type WatchOptions } from '../client/index.js';
import styles from './operation-progress.css?inline';
import { detailOf, valueOf } from './words.js';

export interface OperationProgressEventMap {
  status: CustomEvent<Status>;
  ended: CustomEvent<Status>;
  error: CustomEvent<unknown>;
  transport: CustomEvent<TransportName | undefined>;
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
        this.#trouble = transport || !this.#status ? '' : 'Connection lost. Trying again…';
        this.#render();
        this.#emit('transport', transport);
      },
      onError: (error, retrying) => {
        if (!retrying) {
          this.#trouble = error instanceof Error ? error.message : String(error);
          this.#render(true);
          this.#emit('error', error);
        }
      },
    });
  }

  #stop(): void {
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

class View {
  readonly #find: (part: string) => HTMLElement;

  constructor(root: ShadowRoot) {
    root.innerHTML = `<div class="header" part="header"><span class="label" part="label" id="label"><slot></slot></span><span class="value" part="value" aria-hidden="true"></span></div>
<div class="track" part="track" role="progressbar" aria-labelledby="label" aria-valuemin="0" aria-valuemax="100"><div class="bar" part="bar"></div></div>
<div class="detail" part="detail"></div>
<div class="announcement" role="status" aria-live="polite"></div>`;
    this.#find = name => root.querySelector<HTMLElement>(`.${name}`)!;
  }

  label(text: string): void {
    this.#find('label').firstElementChild!.textContent = text;
  }

  show(status: Status | undefined, trouble: string, broken: boolean): void {
    const track = this.#find('track');
    const value = broken ? '' : valueOf(status);
    const detail = trouble || detailOf(status);
    const waiting = !broken && (!status || status.state === 'queued');
    this.#find('value').textContent = value;
    this.#find('detail').textContent = detail;
    this.#find('bar').style.setProperty('--_progress', String(status?.progress ?? 0));
    track.classList.toggle('waiting', waiting);
    if (waiting) {
      // A progress bar without a value is an indeterminate one.
      track.removeAttribute('aria-valuenow');
    } else {
      track.setAttribute('aria-valuenow', String(status?.progress ?? 0));
    }

    track.setAttribute('aria-valuetext', [value, detail].filter(Boolean).join(': '));
  }

  announce(status: Status): void {
    const label = this.#find('label').firstElementChild as HTMLSlotElement;
    const name = label.assignedNodes({ flatten: true }).map(node => node.textContent?.trim()).join(' ');
    this.#find('announcement').textContent = [name, valueOf(status), detailOf(status)].filter(Boolean).join(': ');
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
