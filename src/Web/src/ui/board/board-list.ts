import { html, LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { router } from '../app/router.js';
import { hrefs } from '../app/routes.js';
import { everySecond } from '../live/clock.js';
import { base, sheet } from '../styles/sheet.js';
import { vars } from '../styles/vars.js';
import styles from './board-list.css?inline';
import { boardHead, boardRow } from './board-row.js';
import type { BoardView, Group, Row } from './boardView.js';
import { drawn, scrollFor, type Heights, type Section } from './layout.js';

/** The lines of the board. Only those that are seen are drawn. Event `near-end` when the last ones are in sight. */
export class BoardList extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { view: { attribute: false }, active: { state: true } };

  declare view: BoardView;
  /** The line that the arrow keys move from. It stays with its operation when that moves. */
  declare active: Row | undefined;
  #height = 800;
  #heights: Heights = { head: 36, row: 52 };
  #stop: (() => void) | undefined;
  readonly #resized = new ResizeObserver(() => this.#measure());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#stop = everySecond(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#stop?.();
  }

  override render(): TemplateResult {
    const { sections, length } = this.view;
    const active = this.#activeIndex();
    const ranges = drawn(sections, this.scrollTop, this.#height, this.#heights);
    if (sections.every(({ lines }, index) => ranges[index]!.to >= lines)) {
      this.dispatchEvent(new Event('near-end'));
    }

    return html`
      <div class="grid" role="treegrid" tabindex="0" aria-label="Operations" aria-rowcount=${length} aria-activedescendant=${active < 0 ? '' : `row-${active}`} @focus=${this.#focused} @keydown=${this.#key} @click=${this.#click}>
        ${repeat(sections, ({ group }) => group, (section, index) => this.#section(section, ranges[index]!, active))}
      </div>`;
  }

  /** Its head stays in sight while its operations are. */
  #section(section: Section, { from, to }: { from: number; to: number }, active: number): TemplateResult {
    const { group, lines, first } = section;
    const rows = Array.from({ length: to - from }, (_, index) => ({ place: from + index, status: this.view.row(first + 1 + from + index)!.status! }));
    return html`
      <div class="section" role="rowgroup" ${vars({ '--lines': lines })}>
        ${boardHead(section, first === active, this.#toggle)}
        ${repeat(rows, ({ status }) => status.uri, ({ status, place }) => boardRow(status, group, place, first + 1 + place, first + 1 + place === active))}
      </div>`;
  }

  override firstUpdated(): void {
    this.addEventListener('scroll', () => this.requestUpdate(), { passive: true });
    this.#measure();
  }

  #measure(): void {
    this.#height = this.clientHeight;
    const style = getComputedStyle(this);
    this.#heights = { head: parseFloat(style.getPropertyValue('--head-height')), row: parseFloat(style.getPropertyValue('--row-height')) };
    this.requestUpdate();
  }

  #activeIndex(): number {
    return this.active ? this.view.indexOf(this.active.status ?? this.active.group) : -1;
  }

  readonly #toggle = (group: Group): void => {
    this.view.toggle(group);
    this.active = this.view.row(this.view.indexOf(group));
  };

  #focused(): void {
    if (this.#activeIndex() < 0) {
      this.active = this.view.row(Math.floor(this.scrollTop / this.#heights.row));
    }
  }

  #key(event: KeyboardEvent): void {
    const at = this.#activeIndex();
    const page = Math.max(1, Math.floor(this.#height / this.#heights.row) - 1);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.view.length - 1 };
    const to = moves[event.key];
    const row = this.active;
    if (to !== undefined) {
      this.#activate(Math.max(0, Math.min(this.view.length - 1, to)));
    } else if (event.key === 'Enter' && row?.status) {
      router.go(hrefs.operation(row.status));
    } else if (row && !row.status && (event.key === 'Enter' || event.key === ' ' || event.key === (row.open ? 'ArrowLeft' : 'ArrowRight'))) {
      this.#toggle(row.group);
    } else {
      return;
    }

    event.preventDefault();
  }

  #activate(index: number): void {
    this.active = this.view.row(index);
    this.scrollTop = scrollFor(index, this.view.sections, this.scrollTop, this.#height, this.#heights);
  }

  /** A line is as good as the link in it. */
  #click(event: MouseEvent): void {
    const row = event.composedPath().find((node): node is HTMLElement => node instanceof HTMLElement && node.classList.contains('row'));
    const onLink = event.composedPath().some(node => node instanceof HTMLAnchorElement);
    if (row && !onLink && getSelection()?.isCollapsed !== false) {
      row.querySelector('a')?.click();
    }
  }
}

customElements.define('rops-board-list', BoardList);
