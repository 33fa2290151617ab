import { EventStreamParser, type StreamEvent } from './eventStreamParser.js';
import { failureOf, get, getWithin, lost, parseStatus, statusOf, TransportFailure, type Asker, type Attempt, type Transport } from './transport.js';
import { LinkedController } from './time.js';

/** The server sends a heartbeat at least every 15 s: two are missing. */
const silenceLimit = 30_000;

/**
 * Server-sent events, read with fetch: EventSource gives up for good on any answer but 200, cannot send a credential, and hides a
 * dead connection.
 */
export const eventStream: Transport = {
  name: 'sse',

  async run(attempt: Attempt): Promise<void> {
    const wishes: Record<string, string> = { accept: 'text/event-stream' };
    if (attempt.known !== undefined) {
      wishes['last-event-id'] = String(attempt.known);
    }

    const ended = await readEvents(attempt, wishes, event => {
      if (event.type === 'message') {
        attempt.deliver(parseStatus(event.data));
      }
    }, () => {
      if (attempt.known !== undefined) {
        // What is newest is known already: that the stream flows must do as a proof.
        attempt.alive();
      }
    });
    if (ended) {
      // The final Status is said to be known; whoever asks here does not have it.
      attempt.deliver(await getWithin(20_000, attempt, {}, statusOf));
    }
  },
};

/** Reads a stream until the server closes it, and answers whether the server said instead that there is nothing to come. */
export async function readEvents(asker: Asker, wishes: Record<string, string>, onEvent: (event: StreamEvent) => void, onPiece: () => void): Promise<boolean> {
  const connection = new LinkedController(asker.signal);
  try {
    const response = await get(asker, wishes, connection.signal);
    if (response.status === 204) {
      return true;
    }

    await read(response, connection, onEvent, onPiece);
    return false;
  } finally {
    connection.abort();
  }
}

async function read(response: Response, connection: AbortController, onEvent: (event: StreamEvent) => void, onPiece: () => void): Promise<void> {
  if (!response.ok) {
    throw await failureOf(response);
  }

  if (!response.body || !/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
    throw new TransportFailure('refused', 'The answer is not an event stream.');
  }

  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventStreamParser();
  const watchdog = setInterval(() => {
    if (Date.now() - heardAt >= silenceLimit) {
      connection.abort(new TransportFailure('unreachable', 'The stream has gone silent.'));
    }
  }, 1_000);
  let heardAt = Date.now();
  // An abort alone leaves a read of a stream that is just ending unanswered in Node.
  connection.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      heardAt = Date.now();
      onPiece();
      parser.push(decoder.decode(piece.value, { stream: true })).forEach(onEvent);
    }

    connection.signal.throwIfAborted();
  } catch (error) {
    throw lost(error, connection.signal);
  } finally {
    clearInterval(watchdog);
  }
}
