import type { Status } from '../../client/index.js';

/** Why an operation failed, for a person: what happened, and what can be done. */
export function failureOf({ status = 0, message, error, attempt, type }: Status): { title: string; text: string; advice: string } {
  const text = message ?? error?.detail ?? error?.title ?? 'No reason was given.';
  const tries = attempt > 1 ? ` It was tried ${attempt} times.` : '';
  if (status === 504) {
    return { title: 'It took too long', text, advice: `It was stopped at its time limit.${tries} Submit it again, with less to do, or ask for a longer limit for ${type}.` };
  }

  if (status === 500) {
    return { title: 'It failed unexpectedly', text, advice: `The fault is on the server's side, whose log says more.${tries} Submitting it again may help.` };
  }

  if (status >= 400 && status < 500) {
    return { title: error?.title ?? 'It was refused', text, advice: `The input is the likely reason.${tries} Correct it, and submit that.` };
  }

  return { title: error?.title ?? 'It failed', text, advice: `${tries} When the reason is gone, submit it again.`.trim() };
}
