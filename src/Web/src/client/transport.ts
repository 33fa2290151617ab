import { problemOf, ProblemError } from './problem.js';
import type { Status } from './status.js';
import { LinkedController, retryAfter } from './time.js';

export type TransportName = 'signalr' | 'sse' | 'longpoll' | 'poll';

/** Where the operation is, and how to ask for it. */
export interface Target {
  readonly url: URL;
  readonly fetch: typeof fetch;
  /** Asked anew for each request, so that a renewed credential is used. */
  readonly headers: () => Promise<Headers>;
}

/** What a request needs. */
export interface Asker {
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** One try to watch over one transport. */
export interface Attempt<Known = number, Item = Status> extends Asker {
  /** The version, or position, up to which nothing need be sent again. */
  readonly known: Known | undefined;
  deliver(item: Item): void;
  /** The transport works, though there is nothing to show for it. A delivery says the same. */
  alive(): void;
}

/** A way of waiting. */
export interface Transport<Known = number, Item = Status> {
  readonly name: TransportName;
  /**
   * Watches until the connection ends. Rejects with a TransportFailure when it did not work out this time, and with a ProblemError
   * when the operation cannot be watched at all.
   */
  run(attempt: Attempt<Known, Item>): Promise<void>;
}

/**
 * Why a transport did not work out this time: 'refused' when it was answered, but not as it needs, or not at all in the time that a
 * working one takes; 'unreachable' when the server cannot be reached or is overburdened, which says nothing about the transport.
 */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly kind: 'refused' | 'unreachable';
  /** Milliseconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(kind: 'refused' | 'unreachable', message: string, cause?: unknown, retryAfter?: number) {
    super(message, { cause });
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}

/** GET of what is watched. */
export async function get(attempt: Asker, wishes: Record<string, string>, signal = attempt.signal): Promise<Response> {
  const { target } = attempt;
  try {
    const headers = await target.headers();
    for (const [name, value] of Object.entries(wishes)) {
      headers.set(name, value);
    }

    return await target.fetch(target.url, { headers, signal, cache: 'no-store' });
  } catch (error) {
    throw lost(error, signal);
  }
}

/** GET that must be answered, to the last byte, in that many milliseconds. */
export async function getWithin<T>(ms: number, attempt: Asker, wishes: Record<string, string>, read: (response: Response) => Promise<T>): Promise<T> {
  const request = new LinkedController(attempt.signal);
  const timer = setTimeout(() => request.abort(new TransportFailure('unreachable', 'The server did not answer in time.')), ms);
  try {
    return await read(await get(attempt, wishes, request.signal));
  } catch (error) {
    throw lost(error, request.signal);
  } finally {
    clearTimeout(timer);
    request.abort();
  }
}

/** Names what a broken connection threw; what has a name, or is the reason of an abort, stays as it is. */
export function lost(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) {
    return signal.reason;
  }

  const named = error instanceof TransportFailure || error instanceof ProblemError;
  return named ? error : new TransportFailure('unreachable', 'The connection failed.', error);
}

const hopeless = new Set([401, 403, 404, 410]);
const passing = new Set([408, 425, 429]);

/** What an answer that is not a success means for the watch. */
export async function failureOf(response: Response): Promise<ProblemError | TransportFailure> {
  const problem = await problemOf(response);
  if (hopeless.has(response.status)) {
    return problem;
  }

  const kind = response.status >= 500 || passing.has(response.status) ? 'unreachable' : 'refused';
  return new TransportFailure(kind, problem.message, problem, retryAfter(response));
}

/** The Status in an answer. A login page or a proxy's own page is a refusal, not an end. */
export async function statusOf(response: Response): Promise<Status> {
  if (!response.ok) {
    throw await failureOf(response);
  }

  return parseStatus(await response.text());
}

export function parseStatus(json: string): Status {
  try {
    const status = JSON.parse(json) as Status;
    if (typeof status.version === 'number') {
      return status;
    }
  } catch {
    // Said below.
  }

  throw new TransportFailure('refused', 'The answer is not a Status.');
}
