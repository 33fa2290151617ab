import { readEvents } from './eventStream.js';
import type { StreamEvent } from './eventStreamParser.js';
import type { FeedEvent, FeedTransport } from './feed.js';
import { parseStatus } from './transport.js';

/** The collection's event stream. Its ids are the positions. */
export const feedStream: FeedTransport = {
  name: 'sse',

  async run(attempt): Promise<void> {
    const wishes: Record<string, string> = { accept: 'text/event-stream' };
    if (attempt.known !== undefined) {
      wishes['last-event-id'] = attempt.known;
    }

    // A stream shows that it works by its first event: at the latest that it is ready.
    await readEvents(attempt, wishes, event => {
      const change = changeOf(event);
      if (change) {
        attempt.deliver({ ...change, ...event.id ? { position: event.id } : {} });
      }
    }, () => undefined);
  },
};

function changeOf({ type, data }: StreamEvent): FeedEvent | undefined {
  switch (type) {
    case 'message':
      return { status: parseStatus(data) };
    case 'gone':
      return { gone: (JSON.parse(data) as { uri: string }).uri };
    case 'reset':
      return { reset: true };
    case 'ready':
      return { ready: true };
    default:
      return undefined;
  }
}
