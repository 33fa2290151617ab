import type { Status } from '../../client/index.js';
import { acknowledge, readMailbox } from '../api/callbacks.js';
import { pathOf } from '../api/call.js';
import { send } from '../api/request.js';
import type { Mailbox } from '../api/shapes.js';

/** Long polls a mailbox until its first message, clears that away, and answers the Status in it. No server can call a browser: the mailbox takes the call. */
export async function receive(name: string, counted: typeof fetch, signal: AbortSignal, onMessage: (status: Status) => void): Promise<void> {
  for (;;) {
    const mailbox = await read(name, counted, signal);
    const message = mailbox?.messages[0];
    if (message) {
      onMessage(JSON.parse(message.body) as Status);
      await send(acknowledge(name, message.id));
      return;
    }

    if (!mailbox) {
      await new Promise(resolve => setTimeout(resolve, 1_000));
    }

    signal.throwIfAborted();
  }
}

/** Nothing while the server is out of reach. */
async function read(name: string, counted: typeof fetch, signal: AbortSignal): Promise<Mailbox | undefined> {
  try {
    const response = await counted(pathOf(readMailbox(name)), { headers: { prefer: 'wait=25' }, cache: 'no-store', signal });
    return response.ok ? await response.json() as Mailbox : undefined;
  } catch {
    return undefined;
  }
}
