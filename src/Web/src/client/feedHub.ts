import type { FeedEvent, FeedFilter, FeedTransport } from './feed.js';
import { loadHub } from './signalr.js';

/** The hub's stream of many operations. */
export function feedHub(base: URL, filter: FeedFilter, webSocketsOnly: boolean): FeedTransport {
  return {
    name: 'signalr',

    async run(attempt): Promise<void> {
      const { readHub } = await loadHub();
      const gateway = `${base.origin}${base.pathname.replace(/\/$/, '')}`;
      await readHub<FeedEvent>(attempt, gateway, webSocketsOnly, ['Follow', filter, attempt.known ?? null], event => attempt.deliver(event));
    },
  };
}
