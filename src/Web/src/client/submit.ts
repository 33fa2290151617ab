import { newOperationId } from './operationId.js';
import { ProblemError } from './problem.js';
import type { Status } from './status.js';
import { delay, fullJitter } from './time.js';
import { failureOf, lost, parseStatus, TransportFailure } from './transport.js';

export interface SubmitOptions {
  /** Default: a new one that sorts by time. Submitting again under the same id starts nothing new. */
  id?: string;
  /** Where the server sends the final Status. */
  webhook?: string;
  tags?: Record<string, string>;
  /** The server chooses the id; submitting again with the same key starts nothing new. */
  idempotencyKey?: string;
  /** Needed for strings and bytes; a Blob brings its own. Everything else is sent as JSON. */
  contentType?: string;
  signal?: AbortSignal;
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  fetch?: typeof fetch;
  /** How often it is tried while the server is out of reach or overburdened. Default 5. */
  tries?: number;
}

/**
 * Submits an operation and answers its Status; rejects with a ProblemError when it is refused. Whatever gets lost on the way, it starts
 * once: a retry names the same id or key.
 * @param base Where the gateway is, e.g. 'https://gateway.example/' or '/'.
 */
export async function submit(base: string | URL, type: string, input: unknown, options: SubmitOptions = {}): Promise<Status> {
  const { tries = 5, signal = new AbortController().signal } = options;
  const id = options.idempotencyKey !== undefined && options.id === undefined ? undefined : options.id ?? newOperationId();
  for (let failures = 0; ; failures++) {
    try {
      return await send(base, type, id, input, options);
    } catch (error) {
      const failure = lost(error, signal);
      if (!(failure instanceof TransportFailure) || failure.kind === 'refused' || failures + 1 >= tries) {
        throw failure instanceof TransportFailure && failure.cause instanceof ProblemError ? failure.cause : failure;
      }

      await delay((failure.retryAfter ?? 0) + fullJitter(failures), signal);
    }
  }
}

async function send(base: string | URL, type: string, id: string | undefined, input: unknown, options: SubmitOptions): Promise<Status> {
  const { fetch = globalThis.fetch, headers: given, idempotencyKey, signal, tags = {}, webhook } = options;
  const url = new URL(base, globalThis.document?.baseURI);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/operations/${type}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
  const { body, contentType } = content(input, options);
  for (const [name, value] of Object.entries(tags)) {
    url.searchParams.set(`tag.${name}`, value);
  }

  if (webhook !== undefined) {
    url.searchParams.set('webhook', webhook);
  }

  const headers = new Headers(typeof given === 'function' ? await given() : given);
  headers.set('content-type', contentType);
  if (id === undefined && idempotencyKey !== undefined) {
    headers.set('idempotency-key', idempotencyKey);
  }

  const response = await fetch(url, { method: id === undefined ? 'POST' : 'PUT', headers, body, ...signal ? { signal } : {} });
  if (!response.ok) {
    throw await failureOf(response);
  }

  return parseStatus(await response.text());
}

function content(input: unknown, options: SubmitOptions): { body: BodyInit; contentType: string } {
  if (input instanceof Blob) {
    return { body: input, contentType: options.contentType ?? (input.type || 'application/octet-stream') };
  }

  const raw = typeof input === 'string' || input instanceof ArrayBuffer || ArrayBuffer.isView(input);
  return raw && options.contentType !== undefined
    ? { body: input as BodyInit, contentType: options.contentType }
    : { body: JSON.stringify(input), contentType: 'application/json' };
}
