import { readMailbox } from '../api/callbacks.js';
import { send, Unreachable } from '../api/request.js';
import type { Mailbox, MailboxMessage } from '../api/shapes.js';

/** A message that was read, and is this reader's until then. */
export interface HeldMessage extends MailboxMessage {
  heldUntil: number;
}

/** Seconds that the server holds an answer: short enough for proxies. */
const wait = 25;
const pageSize = 20;
/** Whoever has that many before them reads no further: what they are at would come again before they are done. */
const mostHeld = 100;
const pause = 2_000;

/** Reads a mailbox once or on and on. Reading takes messages from other readers for a while, so it is begun by a person only. */
export class MailboxReader extends EventTarget {
  /** In the order of their first coming. */
  messages: readonly HeldMessage[] = [];
  pending: number | undefined;
  error: unknown;
  /** Seconds that a message stays with who read it. */
  visibility = 30;
  readonly #name: string;
  #reading: AbortController | undefined;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  get reading(): boolean {
    return this.#reading !== undefined;
  }

  async once(): Promise<void> {
    this.stop();
    await this.#try(new AbortController().signal, 0);
  }

  /** Until it is stopped; a server that is away is waited for. */
  async start(): Promise<void> {
    this.stop();
    const { signal } = this.#reading = new AbortController();
    this.#tell();
    while (!signal.aborted) {
      const full = this.messages.length >= mostHeld;
      if (full || !await this.#try(signal, wait)) {
        await new Promise(resolve => setTimeout(resolve, pause));
      }

      if (this.error !== undefined && !(this.error instanceof Unreachable)) {
        this.stop();
      }
    }
  }

  stop(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#tell();
  }

  /** They were acknowledged. */
  drop(ids: readonly string[]): void {
    const before = this.messages.length;
    this.messages = this.messages.filter(({ id }) => !ids.includes(id));
    this.pending = Math.max(this.messages.length, (this.pending ?? 0) - (before - this.messages.length));
    this.#tell();
  }

  async #try(signal: AbortSignal, seconds: number): Promise<boolean> {
    try {
      this.#take(await send(readMailbox(this.#name, { visibility: this.visibility, pageSize, wait: seconds }), { signal }));
      this.error = undefined;
    } catch (error) {
      if (signal.aborted) {
        return true;
      }

      this.error = error;
    }

    this.#tell();
    return this.error === undefined;
  }

  #take({ messages, pending }: Mailbox): void {
    const heldUntil = Date.now() + this.visibility * 1_000;
    const all = new Map(this.messages.map(message => [message.id, message]));
    messages.forEach(message => all.set(message.id, { ...message, heldUntil }));
    this.messages = [...all.values()];
    this.pending = pending;
  }

  #tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
