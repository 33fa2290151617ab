import type { Attempt, Transport, TransportName } from '../src/client/transport.js';

interface Opened {
  attempt: Attempt;
  /** The server closes the connection. */
  close: () => void;
  fail: (error: unknown) => void;
}

/** A transport whose attempts do what the test says. */
export class FakeTransport implements Transport {
  readonly name: TransportName;
  readonly opened: Opened[] = [];

  constructor(name: TransportName) {
    this.name = name;
  }

  get newest(): Opened {
    return this.opened.at(-1)!;
  }

  run(attempt: Attempt): Promise<void> {
    return new Promise((resolve, reject) => {
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true });
      this.opened.push({ attempt, close: resolve, fail: reject });
    });
  }
}
