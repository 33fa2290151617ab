import { delay } from './time.js';
import { getWithin, statusOf, TransportFailure, type Attempt, type Transport } from './transport.js';

/** Seconds: short enough for proxies that cut idle connections after 30. */
const wait = 25;
const answerLimit = (wait + 10) * 1_000;
/** An operation may change faster than any eye: this bounds the requests. */
const gap = 100;

/** GET that the server holds until there is something new. */
export const longPoll: Transport = {
  name: 'longpoll',

  async run(attempt: Attempt): Promise<void> {
    // The first is asked for as if nothing were known, so that the answer comes at once and shows that this way works.
    let known = 0;
    for (;;) {
      await getWithin(answerLimit, attempt, { prefer: `wait=${wait}`, 'if-none-match': `W/"${known}"` }, async response => {
        if (response.status === 304) {
          attempt.alive();
        } else {
          const status = await statusOf(response);
          known = status.version;
          attempt.deliver(status);
        }

        if (!response.headers.get('preference-applied')?.includes('wait')) {
          throw new TransportFailure('refused', 'Prefer: wait is not honoured.');
        }
      });
      await delay(gap, attempt.signal);
    }
  },
};
