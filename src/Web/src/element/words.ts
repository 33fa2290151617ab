import { isFinal, type Status } from '../client/index.js';

const ends: Partial<Record<Status['state'], string>> = { succeeded: 'Done', failed: 'Failed', canceled: 'Canceled' };

/** What stands at the bar's end. */
export function valueOf(status: Status | undefined): string {
  if (!status) {
    return '';
  }

  return ends[status.state] ?? (status.state === 'queued' ? 'Waiting' : `${status.progress} %`);
}

/** What the operation is doing, or how it ended. */
export function detailOf(status: Status | undefined): string {
  if (!status) {
    return 'Connecting…';
  }

  if (isFinal(status)) {
    return status.message ?? status.error?.detail ?? '';
  }

  if (status.state === 'canceling') {
    return 'Canceling…';
  }

  if (status.state === 'retrying') {
    return `Attempt ${status.attempt} failed; it will be tried again.`;
  }

  return status.activity ?? (status.state === 'queued' ? 'Waiting to start' : '');
}
