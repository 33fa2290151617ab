import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { pathOf, type Call } from '../api/call.js';
import { send } from '../api/request.js';
import '../components/copy.js';
import { bytes } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/skeleton.js';
import { base, sheet } from '../styles/sheet.js';
import { isCsvProfile } from './csvProfile.js';
import { closeJson } from './jsonPrefix.js';
import './json-tree.js';
import { fileName, kindOf, readPart } from './payload.js';
import styles from './payload-view.css?inline';
import './profile-view.js';

/** What there is to show, as far as it was loaded. */
interface Shown {
  mediaType: string;
  size: number | undefined;
  /** How much was loaded, when that is not all. */
  part?: number;
  json?: { value: unknown };
  text?: string;
  image?: true;
  empty?: true;
}

/** Beyond this a text is only scrolled past. */
const longestText = 100_000;

/** <payload-view .call=${getResult(name)} what="result" file="id" type="csv.profile" most="100000">: an input or a result, as well as it can be shown, and its download. */
class PayloadView extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { call: { attribute: false }, what: {}, file: {}, type: {}, most: { type: Number }, shown: { state: true }, error: { state: true } };

  declare call: Call<Response>;
  declare what: string;
  declare file: string;
  declare type: string;
  /** How many bytes are loaded. */
  declare most: number;
  declare shown: Shown | undefined;
  declare error: unknown;
  #loading = new AbortController();
  #path = '';

  override willUpdate(_: PropertyValues<this>): void {
    // The call is described anew with each drawing of the page; only another path is another call.
    if (this.call.path !== this.#path) {
      this.#path = this.call.path;
      void this.#load();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#loading.abort();
  }

  override render(): TemplateResult {
    const { shown } = this;
    if (this.error !== undefined) {
      return html`<div class="inner"><rops-problem .error=${this.error} @again=${() => this.#load()}></rops-problem></div>`;
    }

    return html`${shown ? this.#content(shown) : html`<rops-skeleton lines="3" label="Loading the ${this.what}"></rops-skeleton>`}
      <footer class="actions">
        ${shown ? html`<span class="soft ellipsis" title=${shown.mediaType}>${shown.size === undefined ? '' : html`<span class="number">${bytes(shown.size)}</span> · `}${shown.mediaType}</span>` : ''}
        <span class="buttons">
          ${shown?.empty ? '' : html`<a class="button small" href=${pathOf(this.call)} download=${fileName(this.file, shown?.mediaType ?? '')}>${icon('download')}Download</a>`}
          <rops-copy .call=${this.call} what="read the ${this.what}"></rops-copy>
        </span>
      </footer>`;
  }

  #content({ part, size, json, text, image, empty }: Shown): TemplateResult {
    if (empty) {
      return html`<p class="inner soft">It is empty.</p>`;
    }

    if (image) {
      return html`<div class="image"><img src=${pathOf(this.call)} alt="The ${this.what}"></div>`;
    }

    const note = part === undefined ? '' : html`<p class="note" role="note">${icon('download')}Only the first ${bytes(part)}${size === undefined ? '' : ` of ${bytes(size)}`} ${json ? 'are shown, as far as they are complete' : 'are shown'}. Download it to see all.</p>`;
    if (json) {
      return this.type === 'csv.profile' && this.what === 'result' && isCsvProfile(json.value)
        ? html`${note}<profile-view .profile=${json.value}></profile-view>`
        : html`${note}<json-tree .value=${json.value} label=${`The ${this.what}`}></json-tree>`;
    }

    return text === undefined ? html`<p class="inner soft">This cannot be shown here; download it.</p>` : html`${note}<pre tabindex="0" role="region" aria-label="The ${this.what}" dir="auto">${text}</pre>`;
  }

  async #load(): Promise<void> {
    this.#loading.abort();
    const { signal } = this.#loading = new AbortController();
    this.shown = this.error = undefined;
    try {
      const shown = await this.#read(await send(this.call, { signal }));
      if (!signal.aborted) {
        this.shown = shown;
      }
    } catch (error) {
      if (!signal.aborted) {
        this.error = error;
      }
    }
  }

  async #read(response: Response): Promise<Shown> {
    const mediaType = response.headers.get('content-type') ?? '';
    const kind = kindOf(mediaType);
    const { bytes: data, whole, size } = await readPart(response, kind === 'json' || kind === 'text' ? this.most : 0);
    const shown: Shown = { mediaType, size, ...whole ? {} : { part: data.length } };
    if (whole && size === 0) {
      return { ...shown, empty: true };
    }

    if (kind === 'image') {
      return { ...shown, image: true };
    }

    if (kind === 'other') {
      return shown;
    }

    const text = new TextDecoder().decode(data, { stream: true });
    const value = kind === 'json' ? parse(whole ? text : closeJson(text)) : undefined;
    if (value !== undefined) {
      return { ...shown, json: { value } };
    }

    return { ...shown, text: text.slice(0, longestText), ...text.length > longestText ? { part: longestText } : {} };
  }
}

/** What is not JSON after all is shown as the text that it is. */
function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

customElements.define('payload-view', PayloadView);
