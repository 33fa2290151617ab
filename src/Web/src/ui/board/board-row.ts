import { html, nothing, type TemplateResult } from 'lit';
import { isFinal, type Status } from '../../client/index.js';
import { hrefs } from '../app/routes.js';
import { count, duration } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/progress.js';
import '../components/state.js';
import '../components/time.js';
import { activityOf } from '../components/words.js';
import { serverNow } from '../live/clock.js';
import { vars } from '../styles/vars.js';
import type { Group } from './boardView.js';
import type { Section } from './layout.js';

const headings: Record<Group, string> = { running: 'Running', queued: 'Queued', ended: 'Ended' };

export function boardHead({ group, count: many, open, first }: Section, active: boolean, toggle: (group: Group) => void): TemplateResult {
  return html`
    <div class="head ${active ? 'active' : ''}" role="row" aria-level="1" id="row-${first}" aria-rowindex=${first + 1} aria-expanded=${open} @click=${() => toggle(group)}>
      <div role="rowheader">${icon('chevron')}<span>${headings[group]}</span> <span class="count number">${count(many)}</span></div>
    </div>`;
}

/** @param place Its place within its group; @param line its number among all lines. */
export function boardRow(status: Status, group: Group, place: number, line: number, active: boolean): TemplateResult {
  const activity = activityOf(status);
  return html`
    <div class="row ${active ? 'active' : ''} ${group}" role="row" aria-level="2" id="row-${line}" aria-rowindex=${line + 1} ${vars({ '--index': place })}>
      <div role="gridcell" class="state"><rops-state brief state=${status.state}></rops-state></div>
      <div role="gridcell" class="name">
        <a class="ellipsis" tabindex="-1" href=${hrefs.operation(status)} title=${status.id} dir="auto">${status.id}</a>
        <span class="sub ellipsis"><span>${status.type}</span>${tagsOf(status)}</span>
      </div>
      <div role="gridcell" class="progress"><rops-progress .value=${status.progress} state=${status.state} label=${status.id}></rops-progress><span class="number">${status.progress} %</span></div>
      <div role="gridcell" class="activity ellipsis" dir="auto" title=${activity}>${activity}</div>
      <div role="gridcell" class="attempt number" title="Attempt ${status.attempt}">${status.attempt > 1 ? html`<span class="hidden">Attempt </span>×${status.attempt}` : nothing}</div>
      <div role="gridcell" class="eta number">${etaOf(status)}</div>
      <div role="gridcell" class="age number"><rops-time brief .at=${status.createdAt}></rops-time></div>
    </div>`;
}

function tagsOf({ tags }: Status): unknown {
  return tags ? Object.entries(tags).map(([name, value]) => html`<span class="tag" dir="auto">${name}=${value}</span>`) : nothing;
}

/** When it will end, or how long it took. */
function etaOf(status: Status): unknown {
  if (isFinal(status)) {
    return status.endedAt ? html`<span class="faint">took ${duration(Date.parse(status.endedAt) - Date.parse(status.startedAt ?? status.createdAt))}</span>` : nothing;
  }

  if (!status.estimatedEndAt) {
    return nothing;
  }

  const left = Date.parse(status.estimatedEndAt) - serverNow();
  return left < 1_000 ? 'soon' : `${duration(Math.round(left / 1_000) * 1_000).replace('.0', '')} left`;
}
