import { ProblemError, watch, type Status, type TransportName } from '../../client/index.js';
import { targetOf } from '../../client/connection.js';
import { readEvents } from '../../client/eventStream.js';
import { delay, LinkedController } from '../../client/time.js';
import { acknowledge, readMailbox } from '../api/callbacks.js';
import { pathOf } from '../api/call.js';
import type { Mailbox } from '../api/shapes.js';
import type { Way } from './raceRecord.js';
import type { Traffic } from './traffic.js';

/** What all of them wait for. */
export interface Course {
  uri: string;
  /** Where the callback comes to: nothing can reach a browser. */
  mailbox: string;
  signal: AbortSignal;
}

/**
 * Waits in one way, and in no other, until the end is learnt. Of the six connections that a browser opens to a host, three are held open
 * (long poll, event stream, mailbox) and a fourth is used now and then (poll); WebSockets do not count. Where there are none, the hub and
 * the page's own feed take two more, and all have still what they need.
 */
export type Lane = (course: Course, traffic: Traffic, learn: (status: Status) => void) => Promise<void>;

const by = (transport: TransportName): Lane => async ({ uri, signal }, { fetch }, learn) => {
  await watch(uri, { transport, signal, fetch, onStatus: learn }).finished;
};

export const lanes: Record<Way, Lane> = {
  poll: by('poll'),
  longPoll: by('longpoll'),
  eventStream: by('sse'),

  async signalR({ uri, signal }, traffic, learn) {
    await watch(uri, {
      transport: 'signalr',
      signal,
      onTransport: transport => transport && traffic.hubConnected(),
      onStatus: status => {
        traffic.hubMessage(status);
        learn(status);
      },
    }).finished;
  },

  async callback({ mailbox, signal }, { fetch }, learn) {
    const target = targetOf(new URL(pathOf(readMailbox(mailbox, { visibility: 30, pageSize: 1 })), location.origin), { fetch });
    for (;;) {
      const stream = new LinkedController(signal);
      const messages: Mailbox['messages'] = [];
      await readEvents({ target, signal: stream.signal }, { accept: 'text/event-stream' }, ({ type, data }) => {
        if (type === 'message') {
          messages.push(JSON.parse(data) as Mailbox['messages'][number]);
          stream.abort();
        }
      }, () => undefined).catch((error: unknown) => {
        if (error instanceof ProblemError) {
          throw error;
        }
      });
      const [message] = messages;
      if (message) {
        learn(JSON.parse(message.body) as Status);
        const { method, path } = acknowledge(mailbox, message.id);
        await fetch(path, { method });
        return;
      }

      await delay(1_000, signal);
    }
  },
};
