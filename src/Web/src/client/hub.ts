import type { HubConnection } from '@microsoft/signalr';
import { acquireHub } from './hubConnections.js';
import { ProblemError } from './problem.js';
import type { Status } from './status.js';
import { TransportFailure, type Asker, type Attempt } from './transport.js';

/** Watches through the hub of the gateway that the status URI belongs to. */
export async function watchHub(attempt: Attempt, webSocketsOnly: boolean): Promise<void> {
  const { url } = attempt.target;
  const place = /^(.*)(\/operations\/[^/]+\/[^/]+)$/.exec(url.pathname);
  if (!place) {
    throw new TransportFailure('refused', 'The hub watches status URIs only.');
  }

  // From no version: the hub acknowledges a stream by nothing but its first item, so it is to send the newest in any case.
  await readHub<Status>(attempt, `${url.origin}${place[1]}`, webSocketsOnly, ['Watch', `${place[2]}${url.search}`, null], status => attempt.deliver(status));
}

/** Reads a stream of the hub of that gateway until it ends. */
export async function readHub<T>(asker: Asker, gateway: string, webSocketsOnly: boolean, call: [method: string, ...words: unknown[]], next: (item: T) => void): Promise<void> {
  const { connection, release } = acquireHub(`${gateway}/hubs/operations`, asker.target, webSocketsOnly);
  try {
    await read(await abortable(connection, asker.signal), asker.signal, call, next);
  } finally {
    release();
  }
}

function read<T>(connection: HubConnection, signal: AbortSignal, call: [method: string, ...words: unknown[]], next: (item: T) => void): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stream = connection.stream<T>(...call).subscribe({ next, complete: resolve, error: error => reject(failureOf(error)) });
    signal.addEventListener('abort', () => {
      stream.dispose();
      reject(signal.reason);
    }, { once: true });
  });
}

const hopeless: Record<string, number> = { 'not-found': 404, 'unknown-type': 404, gone: 410, unauthorized: 401, forbidden: 403 };

/** A refusal's message begins with the problem's type; SignalR puts its own words before it. */
function failureOf(error: unknown): Error {
  const [, type, name, detail] = /(urn:realtimeops:([a-z-]+))[:\s]*(.*)/s.exec(String(error)) ?? [];
  const status = name === undefined ? undefined : hopeless[name];
  return type !== undefined && status !== undefined
    ? new ProblemError({ type, status, ...detail ? { detail } : {} })
    : new TransportFailure('unreachable', 'The hub connection failed.', error);
}

async function abortable(connection: Promise<HubConnection>, signal: AbortSignal): Promise<HubConnection> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([connection, aborted]);
  } catch (error) {
    // A handshake refused and a server out of reach look the same here. The next transport will tell.
    throw signal.aborted ? signal.reason : new TransportFailure('unreachable', 'The hub cannot be reached.', error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
