import { delay, retryAfter } from './time.js';
import { getWithin, statusOf, type Attempt, type Transport } from './transport.js';

const answerLimit = 20_000;
/** When the server suggests nothing. */
const defaultPace = 5_000;

/** GET at the pace that the server suggests. */
export const poll: Transport = {
  name: 'poll',

  async run(attempt: Attempt): Promise<void> {
    let { known } = attempt;
    for (;;) {
      const pace = await getWithin(answerLimit, attempt, known === undefined ? {} : { 'if-none-match': `W/"${known}"` }, async response => {
        if (response.status === 304 || response.status === 429) {
          attempt.alive();
        } else {
          const status = await statusOf(response);
          known = status.version;
          attempt.deliver(status);
        }

        return retryAfter(response) ?? defaultPace;
      });

      // Never early, and not in step with other pollers.
      await delay(pace * (1 + Math.random() / 10), attempt.signal);
    }
  },
};
