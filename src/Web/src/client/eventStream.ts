import { EventStreamParser } from './eventStreamParser.js';
import { failureOf, get, getWithin, lost, parseStatus, statusOf, TransportFailure, type Attempt, type Transport } from './transport.js';
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

    const connection = new LinkedController(attempt.signal);
    try {
      const response = await get(attempt, wishes, connection.signal);
      if (response.status === 204) {
        // It has ended and the final Status is said to be known; whoever asks here does not have it.
        attempt.deliver(await getWithin(20_000, attempt, {}, statusOf));
      } else {
        await read(attempt, response, connection);
      }
    } finally {
      connection.abort();
    }
  },
};

async function read(attempt: Attempt, response: Response, connection: AbortController): Promise<void> {
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
      if (attempt.known !== undefined) {
        // What is newest is known already: that the stream flows must do as a proof.
        attempt.alive();
      }

      for (const event of parser.push(decoder.decode(piece.value, { stream: true }))) {
        if (event.type === 'message') {
          attempt.deliver(parseStatus(event.data));
        }
      }
    }

    connection.signal.throwIfAborted();
  } catch (error) {
    throw lost(error, connection.signal);
  } finally {
    clearInterval(watchdog);
  }
}
