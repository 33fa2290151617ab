import type { Watcher } from './ladder.js';
import { ProblemError } from './problem.js';
import type { Message, OwnWatch } from './shared.js';
import type { Status } from './status.js';
import { LinkedController } from './time.js';
import type { TransportName } from './transport.js';

/** Browsers let the timers of a hidden tab run once a minute: only who has missed several turns has gone. */
const lease = 180_000;

/** Watches for all tabs of the origin while it holds the lock. */
export class Leader {
  readonly #channel: BroadcastChannel;
  readonly #own: OwnWatch;
  readonly #led = new Map<string, LedWatch>();

  constructor(channel: BroadcastChannel, own: OwnWatch) {
    this.#channel = channel;
    this.#own = own;
  }

  /** Leads until the tab wants nothing for itself any more: then another one gets the lock. */
  async lead(signal: AbortSignal): Promise<void> {
    const sweeping = setInterval(() => this.#sweep(), lease / 3);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'want') {
        this.#serve(data.uri, signal);
      }
    };
    this.#say({ kind: 'leading' });
    await aborted(signal);
    clearInterval(sweeping);
    this.#channel.close();
  }

  #serve(uri: string, signal: AbortSignal): void {
    let led = this.#led.get(uri);
    if (!led) {
      led = new LedWatch(uri, message => this.#say(message));
      this.#led.set(uri, led);
      void led.run(this.#own, signal).finally(() => this.#led.delete(uri));
    }

    led.wantedAt = Date.now();
    led.tell();
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }

  #sweep(): void {
    for (const led of this.#led.values()) {
      if (Date.now() - led.wantedAt > lease) {
        led.stop();
      }
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}

/** One operation that the leader watches for whoever wants it. */
class LedWatch implements Watcher {
  wantedAt = 0;
  readonly #uri: string;
  readonly #say: (message: Message) => void;
  #status: Status | undefined;
  #transport: TransportName | undefined;
  #controller: AbortController | undefined;

  constructor(uri: string, say: (message: Message) => void) {
    this.#uri = uri;
    this.#say = say;
  }

  get version(): number | undefined {
    return this.#status?.version;
  }

  async run(own: OwnWatch, signal: AbortSignal): Promise<void> {
    const controller = this.#controller = new LinkedController(signal);
    try {
      await own(this, controller.signal, new URL(this.#uri));
    } catch (error) {
      if (error instanceof ProblemError && !controller.signal.aborted) {
        this.#say({ kind: 'failed', uri: this.#uri, problem: error.problem });
      }
    }
  }

  stop(): void {
    this.#controller?.abort();
  }

  tell(): void {
    this.#say({ kind: 'have', uri: this.#uri, transport: this.#transport, status: this.#status });
  }

  deliver(status: Status): void {
    if (status.version > (this.#status?.version ?? -1)) {
      this.#status = status;
      this.tell();
    }
  }

  use(transport: TransportName | undefined): void {
    this.#transport = transport;
    this.tell();
  }

  trouble(): void {
    // The followers are told that there is no connection; the reason stays in this tab.
  }
}
