import { problemOf } from '../../client/index.js';
import { observe } from '../live/clock.js';
import { pathOf, type Call } from './call.js';

/** The server could not be reached. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Tells `signedOut` when an answer was 401, and `unreachable` when there was none. */
export const requests = new EventTarget();

/** Sends it; rejects with a ProblemError when it is refused, with Unreachable when the server does not answer, or with the signal's reason. */
export async function send<T>(call: Call<T>, options: { signal?: AbortSignal; keepalive?: boolean } = {}): Promise<T> {
  const headers = new Headers({ accept: 'application/json', ...call.headers });
  const init: RequestInit = { method: call.method, headers, cache: 'no-store', ...options };
  if (call.json !== undefined || call.text !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = call.text ?? JSON.stringify(call.json);
  }

  const response = await answerTo(pathOf(call), init);
  observe(response.headers.get('date'));
  if (response.ok) {
    return call.read(response);
  }

  const problem = await problemOf(response);
  if (response.status === 401) {
    requests.dispatchEvent(new Event('signedOut'));
  }

  throw problem;
}

async function answerTo(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) {
      throw init.signal.reason;
    }

    requests.dispatchEvent(new Event('unreachable'));
    throw new Unreachable('The server cannot be reached.', { cause: error });
  }
}
