import { html, nothing, type TemplateResult } from 'lit';
import type { Status } from '../../client/index.js';
import { moveExpiry } from '../api/operations.js';
import { send } from '../api/request.js';
import { toasts } from '../app/toasts.js';
import '../components/copy.js';
import { duration } from '../components/format.js';
import '../components/time.js';
import { explain } from '../components/words.js';
import { serverNow } from '../live/clock.js';
import { pageOf } from './historyWords.js';

const hour = 3_600_000;
const lives: [label: string, ms: number][] = [['1 hour', hour], ['1 day', 24 * hour], ['7 days', 168 * hour], ['30 days', 720 * hour], ['1 year', 8_760 * hour]];
const inOneDay = (): string => new Date(serverNow() + 24 * hour).toISOString();

/** When it was what, where it comes from, and what it is called. */
export function facts(status: Status, taken: (status: Status) => void): TemplateResult {
  const { createdAt, startedAt, endedAt, expiresAt, attempt, tags = {}, resubmissionOf, resubmittedAs, uri } = status;
  return html`
    <dl class="facts">
      ${fact('Submitted', html`<rops-time at=${createdAt}></rops-time>`)}
      ${startedAt ? fact('Waited', html`<span class="number">${duration(Date.parse(startedAt) - Date.parse(createdAt))}</span>`) : nothing}
      ${startedAt ? fact('Started', html`<rops-time at=${startedAt}></rops-time>`) : nothing}
      ${endedAt ? fact('Ended', html`<rops-time at=${endedAt}></rops-time>`) : nothing}
      ${attempt > 0 ? fact('Attempts', html`<span class="number">${attempt}</span>`) : nothing}
      ${expiresAt ? fact('Expires', html`<rops-time at=${expiresAt}></rops-time>`) : nothing}
      ${resubmissionOf ? fact('Repeats', operationLink(resubmissionOf)) : nothing}
      ${resubmittedAs ? fact('Repeated as', operationLink(resubmittedAs)) : nothing}
      ${fact('Status URI', html`<span class="uri"><code class="ellipsis" title=${uri}>${uri}</code><rops-copy .text=${uri} what="the status URI"></rops-copy></span>`)}
      ${Object.keys(tags).length > 0 ? fact('Tags', html`<ul class="tags">${Object.entries(tags).map(([name, value]) => html`<li dir="auto">${name}=${value}</li>`)}</ul>`) : nothing}
    </dl>
    <div class="keep">
      <label for="keep">Keep for</label>
      <select id="keep" @change=${(event: Event) => void keep(status, event.target as HTMLSelectElement, taken)}>
        <option value="" selected>as it is</option>${lives.map(([label, ms]) => html`<option value=${ms}>${label} from now</option>`)}
      </select>
      <rops-copy .call=${moveExpiry(status, inOneDay())} what="keep it for another day"></rops-copy>
    </div>`;
}

const fact = (name: string, value: TemplateResult): TemplateResult => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const operationLink = (uri: string): TemplateResult => html`<a class="ellipsis" href=${pageOf(uri)} title=${uri}>${decodeURIComponent(uri.split('/').at(-1)!)}</a>`;

async function keep(status: Status, select: HTMLSelectElement, taken: (status: Status) => void): Promise<void> {
  const ms = Number(select.value);
  select.value = '';
  if (ms > 0) {
    try {
      const changed = await send(moveExpiry(status, new Date(serverNow() + ms).toISOString()));
      taken(changed);
      toasts.show({ text: `It is kept until ${new Date(changed.expiresAt!).toLocaleString()}.` });
    } catch (error) {
      toasts.show({ text: explain(error).text, tone: 'failed' });
    }
  }
}
