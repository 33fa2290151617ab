import type { FeedTransport } from './feed.js';
import type { Status } from './status.js';
import { delay } from './time.js';
import { failureOf, getWithin, TransportFailure } from './transport.js';

const answerLimit = 20_000;
const pace = 5_000;
const pageSize = '200';

/**
 * GET of the list, again and again: a makeshift. It shows what changes among the newest operations; it cannot tell a deletion. There is no
 * position in a list, so a better transport later begins where the last one was, and brings the rest.
 */
export const feedPoll: FeedTransport = {
  name: 'poll',

  async run(attempt): Promise<void> {
    const url = new URL(attempt.target.url);
    url.searchParams.set('pageSize', pageSize);
    const list = { target: { ...attempt.target, url }, signal: attempt.signal };
    let shown = new Map<string, number>();
    for (let first = true; ; first = false) {
      const operations = await getWithin(answerLimit, list, {}, operationsOf);
      // Oldest first, as a feed would.
      for (const status of [...operations].reverse()) {
        if (shown.get(status.uri) !== status.version) {
          attempt.deliver({ status });
        }
      }

      shown = new Map(operations.map(({ uri, version }) => [uri, version]));
      if (first) {
        attempt.deliver({ ready: true });
      }

      await delay(pace * (1 + Math.random() / 10), attempt.signal);
    }
  },
};

async function operationsOf(response: Response): Promise<Status[]> {
  if (!response.ok) {
    throw await failureOf(response);
  }

  const { operations } = await response.json().catch(() => ({})) as { operations?: Status[] };
  if (!Array.isArray(operations)) {
    throw new TransportFailure('refused', 'The answer is not a list of operations.');
  }

  return operations;
}
