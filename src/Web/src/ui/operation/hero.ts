import { html, nothing, type TemplateResult } from 'lit';
import { isFinal, type Status } from '../../client/index.js';
import { count, duration } from '../components/format.js';
import { icon } from '../components/icons.js';
import '../components/progress.js';
import '../components/state.js';
import '../components/time.js';
import { activityOf, stateWords } from '../components/words.js';
import { serverNow } from '../live/clock.js';
import { failureOf } from './failure.js';
import { attemptFailed } from './historyWords.js';

export interface Waiting {
  queuePosition: number | undefined;
  nextAttemptAt: string | undefined;
  waitsLong: boolean;
  lastFailure: string | undefined;
}

/** How far it is, large. */
export function hero(status: Status, waiting: Waiting): TemplateResult {
  const { state, progress, id, attempt } = status;
  const ended = isFinal(status);
  return html`
    <section class="card hero ${state}" aria-label="Progress">
      <div class="line">
        ${ended
          ? html`<p class="percent end">${icon(state)}${stateWords[state]}</p>`
          : html`<p class="percent number">${progress}<span class="sign"> %</span></p>`}
        <div class="beside">
          ${ended ? nothing : html`<rops-state state=${state}></rops-state>`}
          <span class="number">${timing(status)}</span>
          ${attempt > 1 ? html`<span class="number">Attempt ${attempt}</span>` : nothing}
        </div>
      </div>
      <rops-progress large .value=${progress} state=${state} label="Progress of ${id}"></rops-progress>
      ${doing(status, waiting)}
    </section>`;
}

function timing(status: Status): string {
  const { createdAt, startedAt, endedAt, estimatedEndAt } = status;
  if (endedAt) {
    return startedAt ? `took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : 'never started';
  }

  const left = estimatedEndAt ? Date.parse(estimatedEndAt) - serverNow() : 0;
  return left > 0 && status.state === 'running' ? `about ${duration(Math.ceil(left / 1_000) * 1_000)} left` : `${startedAt ? 'for' : 'waiting'} ${duration(Math.floor((serverNow() - Date.parse(startedAt ?? createdAt)) / 1_000) * 1_000)}`;
}

function doing(status: Status, { queuePosition, nextAttemptAt, waitsLong, lastFailure }: Waiting): TemplateResult {
  const { state, attempt } = status;
  if (state === 'retrying') {
    return html`<p class="doing" dir="auto">${attemptFailed(attempt, lastFailure)}</p>
      <p class="soft">The next one starts ${nextAttemptAt && Date.parse(nextAttemptAt) > serverNow() ? html`<rops-time at=${nextAttemptAt}></rops-time>` : waitsLong ? 'in more than half a minute' : 'soon'}.</p>`;
  }

  if (state === 'queued') {
    return html`<p class="doing">Waiting to start${queuePosition ? html`; <span class="number">${count(queuePosition)}</span> ${queuePosition === 1 ? 'is' : 'are'} ahead` : ''}</p>`;
  }

  // The place is kept, so that nothing jumps when the first words come.
  return html`<p class="doing" dir="auto">${state === 'failed' ? '' : activityOf(status) || '\u00a0'}</p>`;
}

/** What went wrong, in plain words. */
export function failure(status: Status): TemplateResult {
  const { title, text, advice } = failureOf(status);
  const { error } = status;
  return html`
    <section class="card failure" aria-labelledby="failure">
      ${icon('failed')}
      <div class="words">
        <h2 id="failure" dir="auto">${title}</h2>
        <p class="reason" dir="auto">${text}</p>
        ${error?.errors?.length ? html`<ul>${error.errors.map(({ pointer, detail }) => html`<li><code>${pointer || '/'}</code> <span dir="auto">${detail}</span></li>`)}</ul>` : nothing}
        <p class="soft">${advice}</p>
        <p class="faint code">Error code <code>${status.status}</code>${error?.traceId ? html` · trace <code>${error.traceId}</code>` : nothing}</p>
      </div>
    </section>`;
}
