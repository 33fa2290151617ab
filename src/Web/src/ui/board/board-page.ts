import { html, nothing, type TemplateResult } from 'lit';
import { Page } from '../app/page.js';
import { router } from '../app/router.js';
import { hrefs } from '../app/routes.js';
import '../components/copy.js';
import '../components/empty.js';
import { count, duration } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/problem.js';
import '../components/skeleton.js';
import '../components/sparkline.js';
import { stateWords } from '../components/words.js';
import { everySecond, serverNow } from '../live/clock.js';
import { feed } from '../live/feed.js';
import type { Change } from '../live/operationStore.js';
import { base, sheet } from '../styles/sheet.js';
import './board-list.js';
import type { BoardList } from './board-list.js';
import styles from './board-page.css?inline';
import { BoardView } from './boardView.js';
import { everything, filterOf, isEverything, queryOf, type Filter } from './filter.js';

/** Enough to look back on; the list's own filters find what is older. */
const fetched = 5_000;
const example = `curl ${location.origin}/operations/demo.steps -H 'Content-Type: application/json' -d '{"steps": 100, "stepMs": 200}'`;

/** All operations, live. */
class BoardPage extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { filter: { state: true }, types: { state: true } };

  readonly heading = 'Board';
  declare filter: Filter;
  /** The types that were seen. */
  declare types: readonly string[];
  readonly #view = new BoardView();
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.filter = filterOf(router.query);
    this.types = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const changed = (): void => this.requestUpdate();
    const query = (): void => this.#show(filterOf(router.query));
    feed.addEventListener('loaded', changed);
    feed.addEventListener('connection', changed);
    router.addEventListener('query', query);
    document.addEventListener('keydown', this.#slash);
    this.#stops = [
      feed.store.listen(changes => this.#change(changes)),
      everySecond(changed),
      () => feed.removeEventListener('loaded', changed),
      () => feed.removeEventListener('connection', changed),
      () => router.removeEventListener('query', query),
      () => document.removeEventListener('keydown', this.#slash),
    ];
    this.#view.reset(feed.store.all(), this.filter);
    this.types = typesOf(feed.store.all());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stops.forEach(stop => stop());
  }

  override render(): TemplateResult {
    return html`
      <div class="top">
        <h1 tabindex="-1">Board</h1>
        ${this.#figures()}
      </div>
      ${this.#filters()}
      ${this.#content()}`;
  }

  #figures(): TemplateResult {
    const { rate, latency } = feed.pace.series(serverNow());
    const [now, took] = [rate.at(-1) ?? 0, latency.findLast(value => value !== undefined)];
    return html`
      <dl class="figures">
        <div><dt>Ended per second</dt><dd><span class="number">${now >= 10 ? count(Math.round(now)) : now.toFixed(1)}</span><rops-sparkline .values=${rate} label="Operations that ended per second, in the last 90 seconds"></rops-sparkline></dd></div>
        <div><dt>Median time</dt><dd><span class="number">${took === undefined ? '–' : duration(took)}</span><rops-sparkline .values=${latency} label="Median time from submission to end, in the last 90 seconds"></rops-sparkline></dd></div>
      </dl>`;
  }

  #filters(): TemplateResult {
    const { text, type, state, tag } = this.filter;
    const types = type && !this.types.includes(type) ? [...this.types, type] : this.types;
    return html`
      <form class="filters" role="search" aria-label="Operations" @submit=${(event: Event) => event.preventDefault()} @input=${this.#typed}>
        <label class="text">${icon('search')}<span class="hidden">Filter by text</span><input id="text" name="text" type="search" .value=${text} placeholder="Filter by id, type, tag or message" autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd></label>
        <select name="type" aria-label="Type" .value=${type}><option value="">All types</option>${types.map(name => html`<option ?selected=${name === type}>${name}</option>`)}</select>
        <select name="state" aria-label="State" .value=${state}><option value="">All states</option>${Object.entries(stateWords).map(([name, word]) => html`<option value=${name} ?selected=${name === state}>${word}</option>`)}</select>
        <input class="tag" name="tag" aria-label="Tag, as name or name=value" .value=${tag} placeholder="Tag: name=value" autocomplete="off" spellcheck="false">
        ${isEverything(this.filter) ? nothing : html`<button type="button" class="plain" @click=${() => this.#filterBy(everything)}>${icon('close')}Clear</button>`}
        <span class="total soft number" role="status">${count(this.#view.total)}${isEverything(this.filter) ? '' : ` of ${count(feed.store.size)}`}</span>
      </form>`;
  }

  #content(): TemplateResult {
    if (this.#view.total > 0) {
      return html`<rops-board-list .view=${this.#view} @near-end=${this.#more}></rops-board-list>`;
    }

    if (feed.state === 'refused') {
      return html`<div class="notice"><rops-problem .error=${feed.error} @again=${() => feed.start()}></rops-problem></div>`;
    }

    if (!feed.loaded) {
      return feed.state === 'offline' ? html`<rops-empty icon="offline" heading="Waiting for the server">It may be starting. The board appears as soon as it answers.</rops-empty>` : html`<rops-skeleton lines="9" label="Loading the operations"></rops-skeleton>`;
    }

    return isEverything(this.filter)
      ? html`<rops-empty icon="board" heading="Nothing has been submitted yet"><p><a href=${hrefs.submit}>Submit an operation</a>, or paste this into a terminal:</p><p class="example"><code>${example}</code><rops-copy .text=${example} what="the command"></rops-copy></p></rops-empty>`
      : html`<rops-empty icon="search" heading="No operation matches"><button @click=${() => this.#filterBy(everything)}>Clear the filter</button></rops-empty>`;
  }

  #change(changes: readonly Change[]): void {
    this.#view.apply(changes, () => feed.store.all());
    const fresh = changes.some(({ before, after }) => after && !before && !this.types.includes(after.type));
    if (fresh) {
      this.types = typesOf(feed.store.all());
    }

    const list = this.renderRoot.querySelector<BoardList>('rops-board-list');
    if (list) {
      list.requestUpdate();
    }

    // The rest of the page changes with the second, but for what comes and goes.
    if (!list || fresh || this.#view.total === 0) {
      this.requestUpdate();
    }
  }

  #typed(event: Event): void {
    const { name, value } = event.target as HTMLInputElement;
    this.#filterBy({ ...this.filter, [name]: value });
  }

  #filterBy(filter: Filter): void {
    router.setQuery(queryOf(filter));
    this.#show(filter);
  }

  #show(filter: Filter): void {
    this.filter = filter;
    this.#view.reset(feed.store.all(), filter);
    this.renderRoot.querySelector<BoardList>('rops-board-list')?.requestUpdate();
  }

  #more(): void {
    if (feed.loaded && feed.older && feed.state === 'live' && feed.store.size < fetched) {
      // What it brings comes through the store; what it does not bring is tried for again with the next scroll.
      void feed.loadOlder().catch(() => undefined);
    }
  }

  readonly #slash = (event: KeyboardEvent): void => {
    const typing = event.composedPath().some(node => node instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName));
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.renderRoot.querySelector<HTMLInputElement>('#text')?.focus();
    }
  };
}

const typesOf = (all: Iterable<{ type: string }>): string[] => [...new Set([...all].map(({ type }) => type))].sort();

customElements.define('rops-board-page', BoardPage);
