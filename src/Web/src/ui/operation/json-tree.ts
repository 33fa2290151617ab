import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../components/icons.js';
import { base, sheet } from '../styles/sheet.js';
import { vars } from '../styles/vars.js';
import styles from './json-tree.css?inline';
import { JsonTree, type TreeRow } from './jsonTree.js';

/** <json-tree .value label="Result">: a JSON value to look into. The arrow keys move and open, as in every tree. */
class JsonTreeView extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { value: { attribute: false }, label: {}, active: { state: true } };

  declare value: unknown;
  declare label: string;
  /** The line that has the focus, or would get it. */
  declare active: string;
  #tree = new JsonTree(null);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('value')) {
      this.#tree = new JsonTree(this.value);
      this.active = '';
    }
  }

  override render(): TemplateResult {
    return html`<div role="tree" aria-label=${this.label} @keydown=${this.#key} @click=${this.#click}>${repeat(this.#tree.rows(), ({ id }) => id, row => this.#row(row))}</div>`;
  }

  #row(row: TreeRow): TemplateResult {
    const { id, depth, key, kind, text, open, position, siblings } = row;
    return html`
      <div class="row ${kind}" role="treeitem" data-id=${id} tabindex=${id === this.active ? 0 : -1} aria-level=${depth + 1} aria-posinset=${position} aria-setsize=${siblings}
        aria-expanded=${open ?? nothing} ${vars({ '--depth': depth })}>
        <span class="twist">${open === undefined ? '' : icon('chevron')}</span>${key === undefined ? '' : html`<span class="key" dir="auto">${key}</span><span class="colon">: </span>`}<span class="value" dir="auto">${text}</span>
      </div>`;
  }

  #click(event: Event): void {
    const id = (event.target as Element).closest<HTMLElement>('.row')?.dataset['id'];
    const row = this.#tree.rows().find(one => one.id === id);
    if (row && getSelection()?.isCollapsed !== false) {
      this.#toggle(row);
    }
  }

  #key(event: KeyboardEvent): void {
    const rows = this.#tree.rows();
    const index = rows.findIndex(({ id }) => id === this.active);
    const row = rows[index];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }

    const opens = (row.open === false && event.key === 'ArrowRight') || (row.open && event.key === 'ArrowLeft') || event.key === 'Enter' || event.key === ' ';
    const moves: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1, ArrowRight: row.open ? index + 1 : index, ArrowLeft: parentOf(rows, index) };
    const to = rows[moves[event.key] ?? -1];
    if (opens) {
      this.#toggle(row);
    } else if (to) {
      this.#focus(to.id);
    } else if (!(event.key in moves)) {
      return;
    }

    event.preventDefault();
  }

  #toggle(row: TreeRow): void {
    const before = this.#tree.rows().findIndex(({ id }) => id === row.id);
    this.#tree.toggle(row);
    this.requestUpdate();
    // The line that showed more is gone, or further down: its place has the first of what it showed.
    this.#focus(row.kind === 'more' ? this.#tree.rows()[before]!.id : row.id);
  }

  #focus(id: string): void {
    this.active = id;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  }
}

function parentOf(rows: readonly TreeRow[], index: number): number {
  const depth = rows[index]!.depth;
  return depth === 0 ? 0 : rows.findLastIndex((row, at) => at < index && row.depth < depth);
}

customElements.define('json-tree', JsonTreeView);
