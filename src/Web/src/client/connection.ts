import type { Target, TransportName } from './transport.js';

/** What every kind of watch may be told. */
export interface ConnectionOptions {
  /** Called when a transport works, and with undefined when the connection is lost. */
  onTransport?: (transport: TransportName | undefined) => void;
  /** Called with what went wrong. While `retrying`, the watch mends it by itself. */
  onError?: (error: unknown, retrying: boolean) => void;
  /** Ends the watch; `finished` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Credentials, for instance. A function is asked anew for each request. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Default: the global one. SignalR does not use it. */
  fetch?: typeof fetch;
}

export function targetOf(url: URL, { fetch = globalThis.fetch, headers }: ConnectionOptions): Target {
  return {
    url,
    // Called as a method, the browsers' fetch would refuse.
    fetch: (input, init) => fetch(input, init),
    headers: async () => new Headers(typeof headers === 'function' ? await headers() : headers),
  };
}

/** A fault in a callback is the page's, and must not pass for a failure of the connection. */
export function call(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
