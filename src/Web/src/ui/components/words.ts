import { ProblemError, TransportFailure, type OperationState, type Status } from '../../client/index.js';
import { Unreachable } from '../api/request.js';
import { Cut } from '../api/upload.js';

export const stateWords: Record<OperationState, string> = {
  queued: 'Queued',
  running: 'Running',
  retrying: 'Retrying',
  canceling: 'Canceling',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
};

/** What an operation is doing, or how it ended. */
export function activityOf(status: Status): string {
  const { state, attempt, activity, message, error } = status;
  switch (state) {
    case 'queued':
      return 'Waiting to start';
    case 'retrying':
      return `Attempt ${attempt} failed; it will be tried again`;
    case 'running':
    case 'canceling':
      return activity ?? '';
    default:
      return message ?? error?.detail ?? error?.title ?? '';
  }
}

export interface Explanation {
  title: string;
  /** What happened, and what to do. */
  text: string;
  /** Whether the same again may succeed. */
  again: boolean;
}

const advice: Record<number, [title: string, text: string, again: boolean]> = {
  401: ['You are signed out', 'Sign in again to go on.', false],
  403: ['You may not do this', 'Your key does not have the scope for it. Ask whoever runs the server.', false],
  404: ['There is no such thing here', 'Check the address. It may have been deleted a long time ago.', false],
  409: ['It cannot be done any more', 'Something has changed in the meantime.', false],
  410: ['It is gone', 'It was deleted, or its time was over.', false],
  413: ['It is too large', 'The server takes no input of this size.', false],
  415: ['It is of a kind that this type does not take', 'Choose a file of the kind that the form names.', false],
  429: ['Too many requests', 'Wait a moment, then try again.', true],
  503: ['The server is not ready', 'It is starting, shutting down or cannot reach its store. Try again in a moment.', true],
};

/** An error in plain words. The server's own, where there are any, know more than ours. */
export function explain(error: unknown): Explanation {
  if (error instanceof Unreachable || (error instanceof TransportFailure && error.kind === 'unreachable')) {
    return { title: 'The server cannot be reached', text: 'It may be restarting, or the network is down. The page goes on by itself when it is back.', again: true };
  }

  if (error instanceof Cut) {
    return { title: `The connection was cut at ${error.percent} %`, text: 'The server may be restarting, or it refused. What you typed and chose is still here. Try again: it starts once, even if only the answer was lost.', again: true };
  }

  if (error instanceof ProblemError) {
    const { status, problem } = error;
    const [title, text, again] = advice[status] ?? [status >= 500 ? 'The server failed' : 'The server refused', 'Try again; if it stays so, tell whoever runs the server.', status >= 500];
    return { title: advice[status] ? title : problem.title ?? title, text: problem.detail ?? text, again };
  }

  return { title: 'Something went wrong in this page', text: error instanceof Error ? error.message : String(error), again: true };
}
