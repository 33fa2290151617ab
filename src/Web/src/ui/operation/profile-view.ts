import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { count } from '../components/format.js';
import { icon } from '../components/icons.js';
import { base, sheet } from '../styles/sheet.js';
import { vars } from '../styles/vars.js';
import { frequent, histogram, scaleOf, type Column, type CsvProfile } from './csvProfile.js';
import styles from './profile-view.css?inline';

const batch = 50;
const bars = 28;
const [width, height] = [140, 28];

const rounded = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const shown = (value: string | number | undefined): string => (value === undefined ? '–' : typeof value === 'number' ? rounded.format(value) : value);
const delimiters: Record<string, string> = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Bar', ' ': 'Space' };

/** <profile-view .profile>: what csv.profile found, a line a column. */
class ProfileView extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { profile: { attribute: false }, columns: { state: true }, opened: { state: true } };

  declare profile: CsvProfile;
  /** How many columns are shown. */
  declare columns: number;
  declare opened: ReadonlySet<number>;

  constructor() {
    super();
    this.columns = batch;
    this.opened = new Set();
  }

  override render(): TemplateResult {
    const { rows, badRows, delimiter, encoding, columns } = this.profile;
    return html`
      <dl class="figures">
        <div><dt>Rows</dt><dd class="number">${count(rows)}</dd></div>
        <div><dt>Columns</dt><dd class="number">${count(columns.length)}</dd></div>
        <div class=${badRows.count > 0 ? 'bad' : ''}><dt>Bad rows</dt><dd class="number">${count(badRows.count)}</dd></div>
        <div><dt>Delimiter</dt><dd>${delimiters[delimiter] ?? html`<code>${delimiter}</code>`}</dd></div>
        <div><dt>Encoding</dt><dd>${encoding}</dd></div>
      </dl>
      ${badRows.count > 0 ? html`
        <details class="faults"><summary>Why rows are bad</summary>
          <ul>${badRows.first.map(({ line, reason }) => html`<li><span class="soft">Line <span class="number">${count(line)}</span></span> <span dir="auto">${reason}</span></li>`)}</ul>
          ${badRows.count > badRows.first.length ? html`<p class="soft">These are the first ${badRows.first.length} of ${count(badRows.count)}.</p>` : nothing}
        </details>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label="Columns">
        <table>
          <thead><tr><th scope="col">Column</th><th scope="col">Values</th><th scope="col" class="n">Least</th><th scope="col" class="n">Mean</th><th scope="col" class="n">Greatest</th><th scope="col">Distribution</th></tr></thead>
          <tbody>${columns.slice(0, this.columns).map((column, index) => this.#column(column, index))}</tbody>
        </table>
      </div>
      ${columns.length > this.columns ? html`<p class="rest"><button class="small" @click=${() => { this.columns += batch; }}>Show ${count(Math.min(batch, columns.length - this.columns))} more of ${count(columns.length - this.columns)} columns</button></p>` : nothing}`;
  }

  #column(column: Column, index: number): TemplateResult {
    const { name, type, count: values, empty, distinct, distinctEstimated, min, max, mean } = column;
    const open = this.opened.has(index);
    return html`
      <tr>
        <th scope="row">
          <button class="plain small name" aria-expanded=${open} @click=${() => this.#toggle(index)} title=${name}>${icon('chevron')}<span class="ellipsis" dir="auto">${name || '(no name)'}</span></button>
          <span class="type">${type}</span>
        </th>
        <td class="values">
          <span class="number">${count(values)}</span> <span class="soft">values</span>
          <span class="soft sub">${distinct === values && values > 0 ? 'all different' : html`${distinctEstimated ? 'about ' : ''}<span class="number">${count(distinct)}</span> different`}${empty > 0 ? html`, <span class="number empties">${percent.format(empty / Math.max(1, values + empty))} empty</span>` : ''}</span>
        </td>
        <td class="n"><span class="cut" dir="auto" title=${shown(min)}>${shown(min)}</span></td>
        <td class="n">${shown(mean)}</td>
        <td class="n"><span class="cut" dir="auto" title=${shown(max)}>${shown(max)}</span></td>
        <td class="distribution">${column.quantiles ? drawing(column) : topValues(column, 3)}</td>
      </tr>
      ${open ? html`<tr class="more"><td colspan="6"><div class="detail">${this.#detail(column)}</div></td></tr>` : nothing}`;
  }

  #detail(column: Column): TemplateResult {
    const { quantiles, standardDeviation, top } = column;
    return html`
      ${quantiles ? html`
        <section><h3>Quantiles</h3><dl class="quantiles">${Object.entries(quantiles).map(([name, value]) => html`<div><dt>${Number(name.slice(1))} %</dt><dd class="number">${shown(value)}</dd></div>`)}
          ${standardDeviation === undefined ? nothing : html`<div><dt>Deviation</dt><dd class="number">${shown(standardDeviation)}</dd></div>`}</dl></section>` : nothing}
      <section><h3>Most frequent</h3>${top.length > 0 ? topList(top.map(({ value, count: times }) => ({ value, count: times, part: times / Math.max(1, column.count) }))) : html`<p class="soft">There are no values.</p>`}</section>`;
  }

  #toggle(index: number): void {
    const opened = new Set(this.opened);
    if (!opened.delete(index)) {
      opened.add(index);
    }

    this.opened = opened;
  }
}

/** A histogram, and under it the middle half as a box with the median, and the line from the 5th to the 95th percentile. */
function drawing(column: Column): TemplateResult {
  const quantiles = column.quantiles!;
  const scale = scaleOf(quantiles);
  const step = width / bars;
  const x = (value: number): number => Math.round(scale(value) * width * 10) / 10;
  const words = `Half of the values lie between ${shown(quantiles.p25)} and ${shown(quantiles.p75)}; the median is ${shown(quantiles.p50)}.`;
  return html`<svg class="histogram" viewBox="0 0 ${width} ${height + 12}" width=${width} height=${height + 12} role="img" aria-label=${words}>
    <title>${words}</title>
    ${histogram(column, bars).map((value, index) => svg`<rect class="bar" x=${index * step + .5} y=${height - value * height} width=${step - 1} height=${value * height} rx="1"/>`)}
    <line class="whisker" x1=${x(quantiles.p05)} x2=${x(quantiles.p95)} y1=${height + 7} y2=${height + 7}/>
    <rect class="box" x=${x(quantiles.p25)} y=${height + 4} width=${Math.max(2, x(quantiles.p75) - x(quantiles.p25))} height="6" rx="2"/>
    <line class="median" x1=${x(quantiles.p50)} x2=${x(quantiles.p50)} y1=${height + 2} y2=${height + 12}/>
  </svg>`;
}

function topValues(column: Column, most: number): TemplateResult {
  const values = frequent(column, most);
  return values.length > 0 ? topList(values) : html`<span class="soft">${column.count === 0 ? 'No values' : 'No value stands out'}</span>`;
}

const topList = (values: { value: string; count: number; part: number }[]): TemplateResult => html`
  <ul class="top">${values.map(({ value, count: times, part }) => html`
    <li title="${value}: ${count(times)}"><span class="ellipsis" dir="auto">${value}</span><span class="track"><span class="fill" ${vars({ '--part': part })}></span></span><span class="number soft">${percent.format(part)}</span></li>`)}
  </ul>`;

customElements.define('profile-view', ProfileView);
