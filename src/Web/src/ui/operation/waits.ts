import { html, type TemplateResult } from 'lit';
import type { HistoryEvent, OperationName } from '../api/shapes.js';
import '../components/copy.js';
import { count } from '../components/format.js';
import '../components/time.js';
import { wayWords } from './historyWords.js';
import { waysOf } from './ways.js';

/** The ways of waiting: who used which, and what to paste for one's own. */
export function waits(of: OperationName, events: readonly HistoryEvent[]): TemplateResult {
  const used = new Map(events.filter(({ event }) => event === 'contact').map(contact => [String(contact['way']), contact]));
  const ways = waysOf(of, location.origin);
  const others = [...used.keys()].filter(way => !ways.some(known => known.way === way)).map(way => ({ way, name: wayWords[way] ?? way, says: '', text: undefined }));
  return html`<ul class="ways">${[...ways, ...others].map(({ way, name, says, text }) => {
    const contact = used.get(way);
    return html`
      <li>
        <span class="way">${name}<span class="soft sub">${contact
          ? html`used ${contact['count'] === 1 ? 'once' : html`<span class="number">${count(Number(contact['count']))}</span> times`}, last <rops-time at=${String(contact['lastAt'])}></rops-time>`
          : says}</span></span>
        ${text === undefined ? '' : html`<rops-copy .text=${text} what="the command: ${name}"></rops-copy>`}
      </li>`;
  })}</ul>`;
}
